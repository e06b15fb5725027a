// The service of ../../compile/service.hpp, for Thrift.
namespace cpp peers

struct Item {
  1: string name,
  2: i32 quantity,
  3: double price,
}
struct Order {
  1: i64 id,
  2: string customer,
  3: list<Item> items,
  4: optional string note,
}
exception NoSuchOrder {
  1: i64 id,
}

service Shop {
  i64 create(1: string customer, 2: list<Item> items),
  list<Order> find(1: i64 id),
  list<Order> list_orders(1: string customer, 2: i32 first, 3: i32 most),
  Order add_item(1: i64 id, 2: Item item) throws (1: NoSuchOrder missing),
  bool remove_item(1: i64 id, 2: string name),
  void annotate(1: i64 id, 2: string note),
  double total(1: i64 id) throws (1: NoSuchOrder missing),
  bool cancel(1: i64 id),
  i32 count(1: string customer),
  void ping(),
}
