// expect: Bank.transfer is not idempotent
#include <chrono>
#include <optional>

#include <farcall/client.hpp>

struct stubborn {
#if defined(TWIN)
    static constexpr bool repeats_unsafe = false;
#else
    static constexpr bool repeats_unsafe = true;
#endif
    std::optional<std::chrono::milliseconds> retry(const farcall::failed_attempt& failed,
                                                   farcall::random_source&) const {
        if (failed.attempt >= 3) return {};
        return std::chrono::milliseconds{10};
    }
    std::chrono::milliseconds attempt_timeout() const { return std::chrono::milliseconds{0}; }
};

RPC_SERVICE(Bank,
    (balance, int(int account), farcall::readonly),
    (transfer, int(int from, int to, int amount)))

int main() {
    Bank::basic_proxy<stubborn> bank{"tcp://127.0.0.1:5000"};
    return bank.balance(1);  // the policy is wrong for the service, whatever is called
}
