# SPDX-License-Identifier: MIT
#
# A recipe for Spack. To use it from here:
#
#     spack repo create belady-repo && mkdir belady-repo/packages/belady
#     cp package.py belady-repo/packages/belady && spack repo add belady-repo
#     spack install belady
#
# Tried without Spack: the commands of make that it leads to, with Valgrind's files in a folder as
# "make install" of Valgrind lays it out.
from spack.package import *


class Belady(MakefilePackage):
    """Simulates page-replacement policies on traces of memory references, which it records with
    Valgrind, and computes the page faults at every size of memory."""

    homepage = "https://example.org/belady"
    # A tarball is made by "make dist"; its checksum belongs beside its version.
    url = "https://example.org/belady/belady-1.0.0.tar.xz"
    git = "https://example.org/belady.git"

    license("MIT AND GPL-2.0-or-later")

    version("main", branch="main")
    version("1.0.0", tag="v1.0.0")

    variant("capture", default=True, description="Build pagegrind, and record with Valgrind")
    variant("plot", default=True, description="Draw figures with gnuplot")
    variant("python", default=False, description="Install the Python module")

    depends_on("c", type="build")
    depends_on("gmake", type="build")
    depends_on("jansson")
    depends_on("zstd")
    depends_on("zlib-api")
    depends_on("bzip2")
    depends_on("xz")
    depends_on("xxhash")
    depends_on("valgrind", when="+capture", type=("build", "link", "run"))
    depends_on("gnuplot", when="+plot", type="run")
    depends_on("jq", type="run")
    depends_on("python@3.9:", when="+python", type=("build", "run"))
    extends("python", when="+python")

    def setting(self):
        # pagegrind is made of Valgrind's headers and static libraries.
        settings = [f"PREFIX={self.prefix}", "HOT=-O3"]
        if self.spec.satisfies("+capture"):
            valgrind = self.spec["valgrind"].prefix
            settings += [
                f"pg_headers={valgrind.include.valgrind}",
                "pg_core=" + join_path(valgrind.lib.valgrind, "libcoregrind-$(pg_arch)-linux.a"),
            ]
        else:
            settings += ["pg_core="]
        return settings

    def build(self, spec, prefix):
        make(*self.setting())

    def install(self, spec, prefix):
        make("install", *self.setting())
        if spec.satisfies("+python"):
            make("install-python", f"PYTHONDIR={python_purelib}", *self.setting())
