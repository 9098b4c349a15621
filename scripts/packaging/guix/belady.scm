;; SPDX-License-Identifier: MIT
;;
;; A recipe for Guix, for the source tree that it is in:
;;
;;     guix build -f scripts/packaging/guix/belady.scm
;;     guix shell -f scripts/packaging/guix/belady.scm -- bel-sim --version
;;
;; Tried with Guix 1.5.0 of Debian sid without network: "guix build -n" computes the derivation, and
;; "guix lint" finds nothing. Nothing was built.
(use-modules (gnu packages compression)
             (gnu packages digest)
             (gnu packages maths)
             (gnu packages valgrind)
             (gnu packages web)
             (guix build-system gnu)
             (guix gexp)
             (guix git-download)
             ((guix licenses) #:prefix license:)
             (guix packages)
             (guix utils))

(define %top
  (string-append (current-source-directory) "/../../.."))

(package
  (name "belady")
  (version "1.0.0")
  (source (local-file %top "belady-checkout"
                      #:recursive? #t
                      ;; A tarball has no git.
                      #:select? (or (git-predicate %top) (const #t))))
  (build-system gnu-build-system)
  (arguments
   (list
    ;; The command-line tests need bats and gnuplot; the others need cmocka.
    #:tests? #f
    #:make-flags
    #~(list (string-append "CC=" #$(cc-for-target))
            (string-append "PREFIX=" #$output)
            "HOT=-O3"
            (string-append "pg_headers=" #$(this-package-input "valgrind")
                           "/include/valgrind")
            (string-append "pg_core=" #$(this-package-input "valgrind")
                           "/lib/valgrind/libcoregrind-$(pg_arch)-linux.a"))
    #:phases
    #~(modify-phases %standard-phases
        (delete 'configure))))
  (inputs (list jansson `(,zstd "lib") zlib bzip2 xz xxhash))
  ;; Tools that the tools of belady start.
  (propagated-inputs (list gnuplot jq valgrind/interactive))
  (home-page "https://example.org/belady")
  (synopsis "Page-replacement simulation and memory-trace analysis")
  (description
   "belady records the memory references of programs with Valgrind, simulates more
than fifty page-replacement policies on them, and computes the page faults at
every size of memory.")
  (license (list license:expat license:gpl2+)))
