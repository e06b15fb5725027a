// Calls the calculator with Debian's libjsonrpccpp, over HTTP or over a Unix socket; its headers are older than C++17.
//
//     debian_client URL_OR_PATH
#include <jsonrpccpp/client.h>
#include <jsonrpccpp/client/connectors/httpclient.h>
#include <jsonrpccpp/client/connectors/unixdomainsocketclient.h>

#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

void expect(bool condition, const std::string& what) {
    if (!condition) throw std::runtime_error{what};
}

Json::Value array(const Json::Value& a, const Json::Value& b) {
    Json::Value params{Json::arrayValue};
    params.append(a);
    params.append(b);
    return params;
}

int code_of(jsonrpc::Client& client, const std::string& method, const Json::Value& params) {
    try {
        client.CallMethod(method, params);
    } catch (const jsonrpc::JsonRpcException& failure) {
        return failure.GetCode();
    }
    return 0;
}

void exercise(jsonrpc::Client& client) {
    expect(client.CallMethod("Calculator.add", array(5, 3)).asInt() == 8, "add");
    Json::Value named;
    named["b"] = 3;
    named["a"] = 10;
    expect(client.CallMethod("Calculator.subtract", named).asInt() == 7, "named parameters");
    expect(code_of(client, "Calculator.nothing", array(1, 2)) == -32601, "unknown method");
    expect(code_of(client, "Calculator.add", array("five", 3)) == -32602, "wrong type");
    expect(code_of(client, "Calculator.divide", array(7, 0)) == -32000, "application error");
    jsonrpc::BatchCall batch;
    const int sum = batch.addCall("Calculator.add", array(1, 2));
    batch.addCall("Calculator.add", array(3, 4), true);
    Json::Value wrong = batch.addCall("Calculator.nothing", array(1, 2));
    jsonrpc::BatchResponse answers = client.CallProcedures(batch);
    expect(answers.getResult(sum).asInt() == 3, "batch");
    expect(answers.getErrorCode(wrong) == -32601, "error in a batch");
}

}  // namespace

int main(int, char** argv) {
    const std::string where = argv[1];
    try {
        if (where.find("http://") == 0) {
            jsonrpc::HttpClient connector{where};
            jsonrpc::Client client{connector};
            exercise(client);
            // Not on the socket: there it waits for an answer to what has none.
            client.CallNotification("Calculator.add", array(1, 2));
        } else {
            jsonrpc::UnixDomainSocketClient connector{where};
            jsonrpc::Client client{connector};
            exercise(client);
        }
    } catch (const std::exception& failure) {
        std::cerr << "debian_client " << where << ": " << failure.what() << '\n';
        return 1;
    }
}
