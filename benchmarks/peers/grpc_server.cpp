/// @file
/// gRPC's servers: the synchronous one, and the one with callbacks, which gRPC recommends for speed.

#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>

#include "../support/server_main.hpp"
#include "../support/tell.hpp"
#include "echo.grpc.pb.h"

namespace {

class synchronous final : public peers::Echo::Service {
    grpc::Status Add(grpc::ServerContext*, const peers::AddRequest* request, peers::AddReply* reply) override {
        reply->set_sum(request->a() + request->b());
        return grpc::Status::OK;
    }
    grpc::Status EchoRecord(grpc::ServerContext*, const peers::Record* request, peers::Record* reply) override {
        *reply = *request;
        return grpc::Status::OK;
    }
    grpc::Status EchoText(grpc::ServerContext*, const peers::Text* request, peers::Text* reply) override {
        *reply = *request;
        return grpc::Status::OK;
    }
    grpc::Status EchoDoubles(grpc::ServerContext*, const peers::Doubles* request, peers::Doubles* reply) override {
        *reply = *request;
        return grpc::Status::OK;
    }
};

class callback final : public peers::Echo::CallbackService {
    template <class Request, class Reply>
    static grpc::ServerUnaryReactor* answer(grpc::CallbackServerContext* context, const Request& request, Reply* reply) {
        *reply = request;
        return finish(context);
    }
    static grpc::ServerUnaryReactor* finish(grpc::CallbackServerContext* context) {
        grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
        reactor->Finish(grpc::Status::OK);
        return reactor;
    }
    grpc::ServerUnaryReactor* Add(grpc::CallbackServerContext* context, const peers::AddRequest* request,
                                  peers::AddReply* reply) override {
        reply->set_sum(request->a() + request->b());
        return finish(context);
    }
    grpc::ServerUnaryReactor* EchoRecord(grpc::CallbackServerContext* context, const peers::Record* request,
                                         peers::Record* reply) override {
        return answer(context, *request, reply);
    }
    grpc::ServerUnaryReactor* EchoText(grpc::CallbackServerContext* context, const peers::Text* request,
                                       peers::Text* reply) override {
        return answer(context, *request, reply);
    }
    grpc::ServerUnaryReactor* EchoDoubles(grpc::CallbackServerContext* context, const peers::Doubles* request,
                                          peers::Doubles* reply) override {
        return answer(context, *request, reply);
    }
};

template <class Service>
void serve(const bench::serving& how) {
    Service service;
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service);
    // Of the synchronous server: a completion queue a thread; its threads grow with the calls under way. How many threads
    // serve callbacks is gRPC's own matter.
    builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, static_cast<int>(how.threads));
    const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
    if (!server) throw std::runtime_error{"cannot listen"};
    bench::tell(static_cast<std::uint16_t>(port));
    server->Wait();
}

}  // namespace

int main(int count, char** arguments) {
    return bench::server_main(count, arguments, {{"grpc-sync", serve<synchronous>}, {"grpc-callback", serve<callback>}});
}
