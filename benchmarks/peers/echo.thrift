// What the benchmarks call, for Thrift.
namespace cpp peers

struct Record {
  1: i64 id,
  2: string name,
  3: list<double> samples,
  4: map<string, string> labels,
  5: bool active,
}

service Echo {
  i32 add(1: i32 a, 2: i32 b),
  Record echo_record(1: Record value),
  string echo_text(1: string value),
  list<double> echo_doubles(1: list<double> values),
}
