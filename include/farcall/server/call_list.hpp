#pragma once

namespace farcall::detail {

/// An element of a `call_list`: derive from it.
class call_link {
public:
    call_link() noexcept = default;
    call_link(const call_link&) = delete;
    call_link& operator=(const call_link&) = delete;
    ~call_link() { unlink(); }

    bool linked() const noexcept { return next_ != this; }

    /// Leaves the list that it is in, if any.
    void unlink() noexcept {
        previous_->next_ = next_;
        next_->previous_ = previous_;
        previous_ = next_ = this;
    }

private:
    friend class call_list;
    call_link* previous_ = this;
    call_link* next_ = this;
};

/// Calls in the order in which they came. Owns nothing and allocates nothing; an element leaves it in one step.
class call_list {
public:
    bool empty() const noexcept { return !end_.linked(); }

    /// Appends what is in no list.
    void push_back(call_link& added) noexcept {
        added.previous_ = end_.previous_;
        added.next_ = &end_;
        end_.previous_->next_ = &added;
        end_.previous_ = &added;
    }

    /// The first element, null if there is none.
    call_link* front() const noexcept { return empty() ? nullptr : end_.next_; }
    /// The element behind this one, null at the end.
    call_link* after(const call_link& element) const noexcept { return element.next_ == &end_ ? nullptr : element.next_; }

    /// Appends all elements of `other`, which is empty afterwards.
    void take_all(call_list& other) noexcept {
        while (call_link* first = other.front()) {
            first->unlink();
            push_back(*first);
        }
    }

private:
    call_link end_;
};

}  // namespace farcall::detail
