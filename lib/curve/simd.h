/* SPDX-License-Identifier: MIT */
/*
 * simd.h: a curve's loop may have two forms: a portable one, and one compiled with BEL_AVX512,
 * which is used if bel_has_avx512(). Both give the same results.
 */
#ifndef BEL_SIMD_H
#define BEL_SIMD_H

#include <stdbool.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define BEL_AVX512                                                                                 \
	__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq,popcnt")))
#endif

/* Whether this processor has all extensions that BEL_AVX512 names. */
static inline bool bel_has_avx512(void)
{
#if defined(__x86_64__)
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
	       __builtin_cpu_supports("avx512vpopcntdq");
#else
	return false;
#endif
}

#endif
