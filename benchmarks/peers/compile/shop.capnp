# The service of ../../compile/service.hpp, for Cap'n Proto.
@0xf2b7a6c1d0e94835;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("peers");

struct Item {
  name @0 :Text;
  quantity @1 :Int32;
  price @2 :Float64;
}
struct Order {
  id @0 :Int64;
  customer @1 :Text;
  items @2 :List(Item);
  note @3 :Text;
}

interface Shop {
  create @0 (customer :Text, items :List(Item)) -> (id :Int64);
  find @1 (id :Int64) -> (order :Order);
  list @2 (customer :Text, first :Int32, most :Int32) -> (orders :List(Order));
  addItem @3 (id :Int64, item :Item) -> (order :Order);
  removeItem @4 (id :Int64, name :Text) -> (done :Bool);
  annotate @5 (id :Int64, note :Text) -> ();
  total @6 (id :Int64) -> (total :Float64);
  cancel @7 (id :Int64) -> (done :Bool);
  count @8 (customer :Text) -> (count :Int32);
  ping @9 () -> ();
}
