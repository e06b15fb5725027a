# What the benchmarks call, for Cap'n Proto.
@0xd1a4b3f7c9e25806;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("peers");

struct Record {
  id @0 :Int64;
  name @1 :Text;
  samples @2 :List(Float64);
  labels @3 :List(Label);
  active @4 :Bool;

  struct Label {
    key @0 :Text;
    value @1 :Text;
  }
}

interface Echo {
  add @0 (a :Int32, b :Int32) -> (sum :Int32);
  record @1 (value :Record) -> (value :Record);
  text @2 (value :Text) -> (value :Text);
  doubles @3 (values :List(Float64)) -> (values :List(Float64));
}
