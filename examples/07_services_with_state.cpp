// Two services on one server: one that stores users, one that remembers who is at the other end of each connection.
#include <farcall.hpp>

#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <vector>

struct user {
    int id = 0;
    std::string name{};
    std::optional<std::string> email{};
};

RPC_SERVICE(Users,
    (create, user(std::string name, std::optional<std::string> email)),
    (get,    std::optional<user>(int id),  farcall::readonly),
    (list,   std::vector<user>(),          farcall::readonly),
    (remove, bool(int id)))
RPC_SERVICE(Session,
    (login,  void(std::string name)),
    (whoami, std::string(), farcall::readonly))

class users {  // plain handlers run on one thread here, so there is nothing to lock
public:
    user create(std::string name, std::optional<std::string> email) {
        const int id = next_id_++;
        return all_[id] = user{id, std::move(name), std::move(email)};
    }
    std::optional<user> get(int id) const {
        if (const auto found = all_.find(id); found != all_.end()) return found->second;
        return std::nullopt;
    }
    std::vector<user> list() const {
        std::vector<user> sorted;
        for (const auto& [id, one] : all_) sorted.push_back(one);
        return sorted;
    }
    bool remove(int id) { return all_.erase(id) != 0; }

private:
    std::map<int, user> all_;
    int next_id_ = 1;
};

struct session {
    struct visitor {  // one for each connection, destroyed with it
        std::string name = "nobody";
    };
    void login(farcall::context& call, std::string name) { call.state<visitor>().name = std::move(name); }
    std::string whoami(farcall::context& call) { return call.state<visitor>().name; }
};

int main() {
    int came = 0, left = 0;
    farcall::server server;
    server.add<Users>(users{}).add<Session>(session{});
    server.on_connect([&](farcall::peer&) { ++came; }).on_disconnect([&](farcall::peer&) { ++left; });
    const auto where = server.listen("tcp://127.0.0.1:0");
    server.start();
    {
        const farcall::client connection{where.url()};
        const Users::proxy users{connection};  // both services over one connection
        const Session::proxy session{connection}, other{where.url()};

        users.create("Ada", "ada@example.org");
        users.create("Grace", std::nullopt);
        std::cout << "get(2): " << farcall::json{users.get(2)}.text() << '\n';
        std::cout << "get(99): " << farcall::json{users.get(99)}.text() << '\n';
        std::cout << std::boolalpha << "remove(2): " << users.remove(2) << ", again: " << users.remove(2) << '\n';
        std::cout << "list: " << farcall::json{users.list()}.text() << '\n';

        session.login("Ada");  // on this connection only
        std::cout << "here: " << session.whoami() << ", on another connection: " << other.whoami() << '\n';
    }
    server.stop();
    std::cout << came << " connections came, " << left << " left\n";
    return came == 2 && left == 2 ? 0 : 1;
}
