// The one source file of a program that compiles the library separately.
#include <farcall/src.hpp>
