#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <farcall/codec/codecs.hpp>
#include <farcall/codec/json_forms.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/endpoint.hpp>
#include <farcall/peer.hpp>
#include <farcall/server/method_entry.hpp>
#include <farcall/server/notify.hpp>
#include <farcall/server/run_time_method.hpp>
#include <farcall/server/server_metrics.hpp>
#include <farcall/server/skeleton.hpp>
#include <farcall/server_options.hpp>
#include <farcall/service/descriptor.hpp>
#include <farcall/service/functions.hpp>
#include <farcall/service/handler.hpp>
#include <farcall/service/json_check.hpp>
#include <farcall/service/method_schema.hpp>

namespace farcall {

namespace detail {

class server_core;

}  // namespace detail

/// Answers calls: any number of services on any number of addresses.
///
/// Set it up (`add`, `on_connect`), `listen`, then `run()` or `start()`. Handlers of one connection run on one thread;
/// with `server_options::io_threads` above 1, those of different connections run at the same time, and so do those of
/// `blocking` methods: what they share must be safe then.
///
/// @par Errors         `farcall::error`: `failed_precondition` for calls in the wrong order, `already_exists` for a
///                     name that is taken, `unavailable` when it cannot listen, `invalid_argument` for a bad URL
/// @par Thread safety  `stop` and `wait` may be called from any thread; everything else before the server is started,
///                     from one.
/// @par Example        examples/01_hello.cpp
class server {
public:
    /// Neither listens nor runs yet.
    FARCALL_DECL explicit server(server_options options = {});
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    /// Stops as `stop()` does. Not from one of its own handlers.
    FARCALL_DECL ~server();

    /// Serves `S` by `handler`, which is checked against the declaration at compile time.
    ///
    /// @param handler  an object with the methods' names, `farcall::functions{...}`, a `std::shared_ptr` to one or a
    ///                 `std::ref` of one that outlives the server; moved or copied otherwise
    template <service S, class Handler>
    server& add(Handler handler) {
        static_assert(!std::is_pointer_v<Handler>,
                      "server.add: the handler is a pointer; give std::ref(object) for one that outlives the server, or "
                      "a std::shared_ptr");
        // The check comes first, so that its sentence is the first thing that a compiler prints.
        if constexpr (checked<S, Handler>()) add_service<S, Handler>(std::make_shared<Handler>(std::move(handler)));
        return *this;
    }

    /// Serves `S` by an object that is moved in.
    template <service S, class Handler>
    server& add(std::unique_ptr<Handler> handler) {
        return add<S>(std::shared_ptr<Handler>(std::move(handler)));
    }

    /// Serves `S` by an object that is shared with the caller.
    template <service S, class Handler>
    server& add(std::shared_ptr<Handler> handler) {
        if constexpr (checked<S, Handler>())
            add_service<S, Handler>(std::const_pointer_cast<std::remove_const_t<Handler>>(std::move(handler)));
        return *this;
    }

    /// Serves `S` by an object of the caller's, which must outlive the server.
    template <service S, class Handler>
    server& add(std::reference_wrapper<Handler> handler) {
        return add<S>(std::shared_ptr<Handler>(std::shared_ptr<void>{}, &handler.get()));
    }

    /// Serves one method without a declaration: `server.add("echo", [](std::string s) { return s; })`.
    ///
    /// @param callable  a function or an object with one `operator()`; with or without a leading `context&`; plain or
    ///                  coroutine. `json(const json&)` gets all arguments as they came.
    template <class Callable>
        requires requires { typename detail::call_signature<std::decay_t<Callable>>::type; }
    server& add(std::string_view name, Callable callable) {
        add_entry(detail::make_run_time_entry(name, std::move(callable)));
        return *this;
    }

    /// The same with a member function of `object`, which must outlive the server.
    template <class Object, class Result, class... Parameters>
    server& add(std::string_view name, Result (Object::*function)(Parameters...), std::type_identity_t<Object>& object) {
        return add(name, [function, &object](Parameters... argument) -> Result {
            return (object.*function)(std::forward<Parameters>(argument)...);
        });
    }
    /// The same with a const one.
    template <class Object, class Result, class... Parameters>
    server& add(std::string_view name, Result (Object::*function)(Parameters...) const,
                const std::type_identity_t<Object>& object) {
        return add(name, [function, &object](Parameters... argument) -> Result {
            return (object.*function)(std::forward<Parameters>(argument)...);
        });
    }

    /// Is called for every new connection before its first call, on the connection's thread; it may set `peer::state`.
    /// If it throws, the connection is closed.
    FARCALL_DECL server& on_connect(std::function<void(peer&)> function);
    /// Is called when a connection has ended, on the connection's thread. Must not throw.
    FARCALL_DECL server& on_disconnect(std::function<void(peer&)> function);

    /// Listens on a URL; may be called for several. Calls are answered once the server is started.
    /// @returns where it listens really: with the port that the system chose if it was 0
    FARCALL_DECL endpoint listen(std::string_view url);

    /// Listens on a TCP port of the loopback address; 0: one that the system chooses.
    template <std::integral Port>
    endpoint listen(Port port) {
        return listen("tcp://127.0.0.1:" + std::to_string(port));
    }

    /// Listens on a URL as `listen` does, and shows the pages there: once it was called, those other than `/healthz` and
    /// `/readyz` are at no other address, and `rpc.discover` and its like are answered at no other.
    ///
    /// For an address that only operators reach, such as `tcp://127.0.0.1:9090`: calls are answered there, too, by which
    /// the page for a browser makes them.
    /// @returns where it listens really; it is not among `endpoints()`
    /// @see page_options
    FARCALL_DECL endpoint listen_pages(std::string_view url);

    /// The TCP port of the first address; 0 if there is none.
    FARCALL_DECL std::uint16_t port() const;

    /// @{ Says to whoever asks, by `/readyz` or `rpc.health`, whether the server or one of its services wants calls. At
    /// first all do; while the server stops, none does. Calls that come all the same are answered.
    /// @par Errors         `not_found` if the server has no such service
    /// @par Thread safety  May be called at any time, from any thread.
    FARCALL_DECL server& serving(bool wanted);
    FARCALL_DECL server& serving(std::string_view service, bool wanted);
    /// @}

    /// Where it listens.
    FARCALL_DECL const std::vector<endpoint>& endpoints() const noexcept;

    /// What has been counted since the server was started, for the process itself. Others ask by `rpc.metrics`, or see
    /// `/metrics` over HTTP.
    /// @returns zeros before the start, and with `server_options::metrics` off
    /// @par Thread safety  May be called at any time, from any thread.
    FARCALL_DECL server_metrics metrics() const;

    /// Addresses, services and methods with their signatures, a line each: what to print at the start.
    FARCALL_DECL std::string describe() const;

    /// Begins to answer and returns.
    FARCALL_DECL void start();

    /// Waits until the server has stopped. Not from a handler.
    FARCALL_DECL void wait();

    /// Answers until `stop()`, SIGINT or SIGTERM, then stops in order; a second signal closes at once.
    ///
    /// @param started  is called once calls are answered and signals caught: the place to tell so, for whoever reads it
    ///                 may call or send a signal at once. If it throws, the server stops and `run` throws the same.
    FARCALL_DECL void run(const std::function<void()>& started = {});

    /// Takes no more connections and calls, lets those under way end, and closes.
    ///
    /// Clients are told (`rpc.goaway`); calls that come all the same are refused, `unavailable` and executed no. Returns
    /// when that is done; from a handler, or with an executor of the user's, at once. Once more with less grace
    /// shortens it. With `server_options::drain_notice`, all begins that much later, and only `/readyz` and `rpc.health`
    /// say at once what is to come.
    /// @param grace  calls that take longer are cut off: their connections are closed and their coroutines destroyed. A
    ///               `blocking` handler cannot be interrupted; it is told by `context::stop()`, and is waited for. Zero:
    ///               at once, without notice
    FARCALL_DECL void stop(std::chrono::milliseconds grace);
    /// The same with `server_options::drain` as grace.
    FARCALL_DECL void stop();

private:
    template <class S, class Handler>
    static consteval bool checked() {
        detail::check_handler<S, Handler>();
        for_each_method<S>([]<class Method>() {
            (void)detail::check_json_forms<Method, detail::decodable_form, detail::encodable_form>();
        });
        return handler_of<Handler, S>;
    }

    template <class Handler, class List>
    struct table_of;
    template <class Handler, class... Methods>
    struct table_of<Handler, type_list<Methods...>> {
        static constexpr detail::method_row rows[]{
            {&Methods::info, &detail::skeleton<Methods, Handler>::answer, &method_schema_of<Methods>}...};
    };

    template <class S, class Handler>
    void add_service(std::shared_ptr<void> handler) {
        add_rows(service_descriptor<S>::name, table_of<Handler, methods_of<S>>::rows, std::move(handler));
    }

    FARCALL_DECL void add_rows(std::string_view service, std::span<const detail::method_row> rows,
                               std::shared_ptr<void> handler);
    FARCALL_DECL void add_entry(detail::method_entry entry);

    std::shared_ptr<detail::server_core> core_;
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/server.ipp>
#endif
