#pragma once

/// @file
/// The preprocessor tools: a walk over parenthesised entries, made of `__VA_OPT__` alone.
///
/// `FARCALL_PP_FOR_EACH(macro, data, (a, b), (c))` gives `macro(data, 0, a, b) macro(data, 1, c)`, for up to 250
/// entries; in place of those beyond it gives `macro_BEYOND(data)`, and for an entry that is not in parentheses
/// `macro_MALFORMED(data, index, entry)`. Ten steps are nested macros, named for the last digit of the index; then the
/// walk is suspended (`FARCALL_PP_RESUME` without its parentheses) and goes on in the next rescan with the next tens.

// Else g++ lists every rescan under every message. There is nothing but macros here to be silent about.
#pragma GCC system_header

#define FARCALL_PP_PARENS ()
#define FARCALL_PP_UNWRAP(...) __VA_ARGS__
#define FARCALL_PP_APPLY(macro, ...) macro(__VA_ARGS__)
#define FARCALL_PP_SECOND(first, second, ...) second

/// `then` if nothing follows it.
#define FARCALL_PP_IF_EMPTY(then, ...) FARCALL_PP_SECOND(__VA_OPT__(, ), then, )

#define FARCALL_PP_FOR_EACH(macro, data, ...) \
    __VA_OPT__(FARCALL_PP_RESCAN(FARCALL_PP_0(macro, data, , __VA_ARGS__)))

/// 27 rescans: one for each ten entries, and two to spare.
#define FARCALL_PP_RESCAN(...) FARCALL_PP_RESCAN_B(FARCALL_PP_RESCAN_B(FARCALL_PP_RESCAN_B(__VA_ARGS__)))
#define FARCALL_PP_RESCAN_B(...) FARCALL_PP_RESCAN_C(FARCALL_PP_RESCAN_C(FARCALL_PP_RESCAN_C(__VA_ARGS__)))
#define FARCALL_PP_RESCAN_C(...) FARCALL_PP_RESCAN_D(FARCALL_PP_RESCAN_D(FARCALL_PP_RESCAN_D(__VA_ARGS__)))
#define FARCALL_PP_RESCAN_D(...) __VA_ARGS__

/// `FARCALL_PP_PROBE` is a call only before parentheses; then it puts `WRAPPED` in the place of `BARE`, and what follows
/// the parentheses (a forgotten comma and the next entry) behind that.
#define FARCALL_PP_STEP(macro, data, index, entry) \
    FARCALL_PP_SORT(FARCALL_PP_PROBE entry, BARE, macro, data, index, entry)
#define FARCALL_PP_PROBE(...) , WRAPPED,
#define FARCALL_PP_SORT(...) FARCALL_PP_SORTED(__VA_ARGS__)
#define FARCALL_PP_SORTED(ignored, kind, ...) FARCALL_PP_##kind(__VA_ARGS__)
#define FARCALL_PP_WRAPPED(more, bare, ...) FARCALL_PP_WRAPPED_AND(__VA_ARGS__, more)
#define FARCALL_PP_WRAPPED_AND(macro, data, index, entry, ...) \
    FARCALL_PP_ENTRY##__VA_OPT__(_AND_MORE)(macro, data, index, entry)
#define FARCALL_PP_ENTRY(macro, data, index, entry) FARCALL_PP_APPLY(macro, data, index, FARCALL_PP_UNWRAP entry)
#define FARCALL_PP_ENTRY_AND_MORE(macro, data, index, entry) macro##_MALFORMED(data, index, entry)
#define FARCALL_PP_BARE(macro, data, index, entry) macro##_MALFORMED(data, index, entry)

#define FARCALL_PP_0(macro, data, tens, entry, ...) \
    FARCALL_PP_STEP(macro, data, tens##0, entry) __VA_OPT__(FARCALL_PP_1(macro, data, tens, __VA_ARGS__))
#define FARCALL_PP_1(macro, data, tens, entry, ...) \
    FARCALL_PP_STEP(macro, data, tens##1, entry) __VA_OPT__(FARCALL_PP_2(macro, data, tens, __VA_ARGS__))
#define FARCALL_PP_2(macro, data, tens, entry, ...) \
    FARCALL_PP_STEP(macro, data, tens##2, entry) __VA_OPT__(FARCALL_PP_3(macro, data, tens, __VA_ARGS__))
#define FARCALL_PP_3(macro, data, tens, entry, ...) \
    FARCALL_PP_STEP(macro, data, tens##3, entry) __VA_OPT__(FARCALL_PP_4(macro, data, tens, __VA_ARGS__))
#define FARCALL_PP_4(macro, data, tens, entry, ...) \
    FARCALL_PP_STEP(macro, data, tens##4, entry) __VA_OPT__(FARCALL_PP_5(macro, data, tens, __VA_ARGS__))
#define FARCALL_PP_5(macro, data, tens, entry, ...) \
    FARCALL_PP_STEP(macro, data, tens##5, entry) __VA_OPT__(FARCALL_PP_6(macro, data, tens, __VA_ARGS__))
#define FARCALL_PP_6(macro, data, tens, entry, ...) \
    FARCALL_PP_STEP(macro, data, tens##6, entry) __VA_OPT__(FARCALL_PP_7(macro, data, tens, __VA_ARGS__))
#define FARCALL_PP_7(macro, data, tens, entry, ...) \
    FARCALL_PP_STEP(macro, data, tens##7, entry) __VA_OPT__(FARCALL_PP_8(macro, data, tens, __VA_ARGS__))
#define FARCALL_PP_8(macro, data, tens, entry, ...) \
    FARCALL_PP_STEP(macro, data, tens##8, entry) __VA_OPT__(FARCALL_PP_9(macro, data, tens, __VA_ARGS__))
#define FARCALL_PP_9(macro, data, tens, entry, ...) \
    FARCALL_PP_STEP(macro, data, tens##9, entry)    \
    __VA_OPT__(FARCALL_PP_RESUME FARCALL_PP_PARENS (FARCALL_PP_AFTER_##tens, macro, data, __VA_ARGS__))

#define FARCALL_PP_RESUME() FARCALL_PP_RESUME_WITH
#define FARCALL_PP_RESUME_WITH(step, tens, macro, data, ...) FARCALL_PP_##step(macro, data, tens, __VA_ARGS__)
#define FARCALL_PP_STOP(macro, data, ...) macro##_BEYOND(data)

/// The step to resume with, and its tens.
#define FARCALL_PP_AFTER_ 0, 1
#define FARCALL_PP_AFTER_1 0, 2
#define FARCALL_PP_AFTER_2 0, 3
#define FARCALL_PP_AFTER_3 0, 4
#define FARCALL_PP_AFTER_4 0, 5
#define FARCALL_PP_AFTER_5 0, 6
#define FARCALL_PP_AFTER_6 0, 7
#define FARCALL_PP_AFTER_7 0, 8
#define FARCALL_PP_AFTER_8 0, 9
#define FARCALL_PP_AFTER_9 0, 10
#define FARCALL_PP_AFTER_10 0, 11
#define FARCALL_PP_AFTER_11 0, 12
#define FARCALL_PP_AFTER_12 0, 13
#define FARCALL_PP_AFTER_13 0, 14
#define FARCALL_PP_AFTER_14 0, 15
#define FARCALL_PP_AFTER_15 0, 16
#define FARCALL_PP_AFTER_16 0, 17
#define FARCALL_PP_AFTER_17 0, 18
#define FARCALL_PP_AFTER_18 0, 19
#define FARCALL_PP_AFTER_19 0, 20
#define FARCALL_PP_AFTER_20 0, 21
#define FARCALL_PP_AFTER_21 0, 22
#define FARCALL_PP_AFTER_22 0, 23
#define FARCALL_PP_AFTER_23 0, 24
#define FARCALL_PP_AFTER_24 STOP,
