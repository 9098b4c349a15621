/* SPDX-License-Identifier: MIT */
/*
 * matrix.c: adds up the columns of a matrix whose rows are one page each. It walks the matrix by
 * columns, so each reference is to another page than the one before. With BY_ROWS, the two loops
 * are exchanged: the sums are the same. The README shows what bel-blame says about both.
 *
 *	cc -g -O1 -fno-inline -o matrix matrix.c
 *	bel-capture --stacks -o columns.bel -- ./matrix
 *	bel-blame -f 256 --by function,line columns.bel
 */
#include <stdio.h>

#define N 512

static double matrix[N][N] __attribute__((aligned(4096))), sum[N];

static void fill(void)
{
	for (int row = 0; row < N; row++)
		for (int column = 0; column < N; column++)
			matrix[row][column] = row ^ column;
}

static void add_columns(void)
{
#ifdef BY_ROWS
	for (int row = 0; row < N; row++)
		for (int column = 0; column < N; column++)
#else
	for (int column = 0; column < N; column++)
		for (int row = 0; row < N; row++)
#endif
			sum[column] += matrix[row][column];
}

int main(void)
{
	fill();
	add_columns();
	printf("%.0f\n", sum[1]);
	return 0;
}
