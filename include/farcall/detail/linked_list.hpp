#pragma once

namespace farcall::detail {

/// What an element of a `linked_list` derives from. Leaves its list when it is destroyed.
class list_link {
public:
    list_link() noexcept = default;
    list_link(const list_link&) = delete;
    list_link& operator=(const list_link&) = delete;
    ~list_link() { unlink(); }

    bool linked() const noexcept { return next_ != this; }

    /// Leaves the list that it is in, if any.
    void unlink() noexcept {
        previous_->next_ = next_;
        next_->previous_ = previous_;
        previous_ = next_ = this;
    }

private:
    template <class T>
    friend class linked_list;
    list_link* previous_ = this;
    list_link* next_ = this;
};

/// Objects of other owners in the order in which they came. Owns nothing and allocates nothing; an element leaves it in
/// one step.
///
/// @tparam T  derived from `list_link`
/// @par Thread safety  Unsafe.
template <class T>
class linked_list {
public:
    bool empty() const noexcept { return !end_.linked(); }

    /// Appends what is in no list.
    void push_back(T& element) noexcept {
        list_link& added = element;
        added.previous_ = end_.previous_;
        added.next_ = &end_;
        end_.previous_->next_ = &added;
        end_.previous_ = &added;
    }

    /// The first element, null if there is none.
    T* front() const noexcept { return empty() ? nullptr : static_cast<T*>(end_.next_); }
    /// The element behind this one, null at the end.
    T* after(const T& element) const noexcept {
        list_link* const next = static_cast<const list_link&>(element).next_;
        return next == &end_ ? nullptr : static_cast<T*>(next);
    }

    /// Appends all elements of `other`, which is empty afterwards.
    void take_all(linked_list& other) noexcept {
        while (T* first = other.front()) {
            first->unlink();
            push_back(*first);
        }
    }

private:
    list_link end_;
};

}  // namespace farcall::detail
