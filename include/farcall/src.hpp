#pragma once

/// @file
/// The parts of the library that are no templates, for separate compilation: define FARCALL_SEPARATE_COMPILATION for
/// the whole program and include this in exactly one source file.

#if !defined(FARCALL_SEPARATE_COMPILATION)
#error "farcall/src.hpp is for programs that define FARCALL_SEPARATE_COMPILATION everywhere"
#endif

#include <farcall/client/impl/call_request.ipp>
#include <farcall/client/impl/cancel_relay.ipp>
#include <farcall/client/impl/client_connection.ipp>
#include <farcall/client/impl/client_core.ipp>
#include <farcall/client/impl/client_dialer.ipp>
#include <farcall/client/impl/client_link.ipp>
#include <farcall/client/impl/hedging.ipp>
#include <farcall/client/impl/hello_call.ipp>
#include <farcall/client/impl/io_driver.ipp>
#include <farcall/client/impl/once_call.ipp>
#include <farcall/client/impl/once_line.ipp>
#include <farcall/client/impl/read_reply.ipp>
#include <farcall/client/impl/remote_exception.ipp>
#include <farcall/client/impl/repeated_call.ipp>
#include <farcall/client/impl/repetition.ipp>
#include <farcall/client/impl/retrying.ipp>
#include <farcall/codec/impl/base64.ipp>
#include <farcall/codec/impl/codec_error.ipp>
#include <farcall/codec/impl/date_time.ipp>
#include <farcall/codec/impl/json.ipp>
#include <farcall/codec/impl/json_number.ipp>
#include <farcall/codec/impl/json_reader.ipp>
#include <farcall/codec/impl/json_writer.ipp>
#include <farcall/codec/impl/scan.ipp>
#include <farcall/codec/impl/scan_input.ipp>
#include <farcall/codec/impl/schema_writer.ipp>
#include <farcall/impl/endpoint.ipp>
#include <farcall/protocol/impl/dialect.ipp>
#include <farcall/protocol/impl/error_object.ipp>
#include <farcall/protocol/impl/hello.ipp>
#include <farcall/protocol/impl/line_framing.ipp>
#include <farcall/protocol/impl/meta.ipp>
#include <farcall/protocol/impl/request.ipp>
#include <farcall/protocol/impl/response.ipp>
#include <farcall/protocol/impl/side_message.ipp>
#include <farcall/protocol/websocket/impl/framing.ipp>
#include <farcall/protocol/websocket/impl/handshake.ipp>
#include <farcall/protocol/websocket/impl/reader.ipp>
#include <farcall/server/impl/deadline_watch.ipp>
#include <farcall/server/impl/deferred_call.ipp>
#include <farcall/server/impl/dispatcher.ipp>
#include <farcall/server/impl/handler_failure.ipp>
#include <farcall/server/impl/incoming_call.ipp>
#include <farcall/server/impl/io_worker.ipp>
#include <farcall/server/impl/make_framing.ipp>
#include <farcall/server/impl/openrpc.ipp>
#include <farcall/server/impl/recorded_call.ipp>
#include <farcall/server/impl/recorded_run.ipp>
#include <farcall/server/impl/recorder.ipp>
#include <farcall/server/impl/reserved_calls.ipp>
#include <farcall/server/impl/server_connection.ipp>
#include <farcall/server/impl/server_core.ipp>
#include <farcall/server/impl/worker_pool.ipp>
#include <farcall/session/impl/client_session.ipp>
#include <farcall/session/impl/once_session.ipp>
#include <farcall/store/impl/memory_store.ipp>
#include <farcall/transport/impl/duplex.ipp>
#include <farcall/transport/impl/memory_transport.ipp>
#include <farcall/transport/impl/tcp_transport.ipp>
#include <farcall/transport/impl/time_source.ipp>
#include <farcall/transport/impl/transport_for.ipp>
#include <farcall/transport/impl/unix_transport.ipp>
