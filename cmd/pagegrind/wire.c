/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wire.c: writes the stream of tokens, numbers and texts to the process's named pipe. */
#include "config.h"
#include "pub_tool_clientstate.h"
#include "pub_tool_libcfile.h"
#include "pub_tool_libcproc.h"
#include "pub_tool_vki.h"
#include "pub_tool_xarray.h"
#include "tracer.h"

#define WANTED 65536 /* bytes per write */
#define ROOM (WANTED + 2 * RAW_WORDS + 4096)

/*
 * In Valgrind's library, but not in its headers for tools: moves a descriptor out of the program's
 * range.
 */
extern Int VG_(safe_fd)(Int oldfd);

static UChar out[ROOM];
static UInt have;
static Int fd = -1;

void wire_close(void)
{
	if (fd >= 0)
		VG_(close)(fd);
	fd = -1;
	have = 0;
}

Bool wire_live(void)
{
	return fd >= 0;
}

void wire_flush(void)
{
	UInt done = 0;

	while (fd >= 0 && done < have) {
		const Int n = VG_(write)(fd, out + done, have - done);

		if (n > 0)
			done += n;
		else if (n != -VKI_EINTR)
			wire_close(); /* the reader has gone; the program continues */
	}
	have = 0;
}

UChar *wire_begin(UInt blocks)
{
	if (have + 2 * blocks + 16 > ROOM)
		wire_flush();
	return out + have;
}

void wire_end(const UChar *end)
{
	have = end - out;
}

void wire_byte(UInt byte)
{
	if (have >= WANTED)
		wire_flush();
	out[have++] = byte;
}

void wire_number(ULong number)
{
	while (number >= 0x80) {
		wire_byte(number | 0x80);
		number >>= 7;
	}
	wire_byte(number);
}

void wire_signed(Long number)
{
	wire_number((ULong)number << 1 ^ (ULong)(number >> 63));
}

static void bytes(const HChar *text, SizeT length)
{
	for (SizeT i = 0; i < length; i++)
		wire_byte((UChar)text[i]);
}

void wire_text(const HChar *text)
{
	const SizeT length = VG_(strlen)(text);

	wire_number(length);
	bytes(text, length);
}

#define COMMAND_MOST 60000 /* bytes; the reader has 64 KiB */

/* The command line as in the banner of Valgrind's tools: words separated by blanks. */
static void command_line(void)
{
	Word count = VG_(sizeXA)(VG_(args_for_client));
	SizeT length = VG_(strlen)(VG_(args_the_exename));

	for (Word i = 0; i < count; i++) {
		const HChar *const word = *(HChar **)VG_(indexXA)(VG_(args_for_client), i);

		/* From the first word that does not fit, words are left out. */
		if (length + 1 + VG_(strlen)(word) > COMMAND_MOST)
			count = i;
		else
			length += 1 + VG_(strlen)(word);
	}
	wire_number(length);
	bytes(VG_(args_the_exename), VG_(strlen)(VG_(args_the_exename)));
	for (Word i = 0; i < count; i++) {
		const HChar *const word = *(HChar **)VG_(indexXA)(VG_(args_for_client), i);

		wire_byte(' ');
		bytes(word, VG_(strlen)(word));
	}
}

Int wire_log(void)
{
	SysRes opened;

	if (!settings.log_pipe)
		return -1;
	opened = VG_(open)(settings.log_pipe, VKI_O_WRONLY, 0);
	return sr_isError(opened) ? -1 : VG_(safe_fd)(sr_Res(opened));
}

void wire_open(Bool forked)
{
	HChar *const path = VG_(expand_file_name)("--stream", settings.stream);
	const SysRes opened = VG_(open)(path, VKI_O_WRONLY, 0);
	HChar text[320];

	wire_close();
	/*
	 * For example after chroot(2), or if the process has another number outside its namespace.
	 */
	if (sr_isError(opened)) {
		VG_(snprintf)
		(text, sizeof(text), "pagegrind: %s: cannot be opened: %s\n", path,
			"this process runs unrecorded");
		VG_(write)(2, text, VG_(strlen)(text));
		VG_(free)(path);
		return;
	}
	VG_(free)(path);
	fd = VG_(safe_fd)(sr_Res(opened));
	bytes(BEL_TOKEN_MAGIC, BEL_TOKEN_MAGIC_BYTES);
	wire_byte(BEL_TOKEN_VERSION);
	wire_byte(settings.granule_bits);
	wire_byte((settings.first_byte ? BEL_TOKEN_FIRST_BYTE : 0) |
		  (forked ? BEL_TOKEN_FORKED : 0) | (settings.stacks ? BEL_TOKEN_STACKS : 0));
	wire_number(VG_(getpid)());
	wire_number(8 * sizeof(Addr));
	wire_text(VERSION);
	command_line();
}
