# SPDX-License-Identifier: GPL-3.0-or-later
# Programs that use the library, installed as source and compiled by make check; the gallery and its scripts.
examplesdir = $(docdir)/examples
dist_examples_DATA = examples/verdict.c examples/wishart.c examples/ridge_spiked.c examples/experiment.md examples/limit.R examples/limit_r.c examples/limit.jl examples/conjectures.ini \
	examples/README.md examples/edge.py examples/ridge.py examples/network.py
# Reading the CSV elsewhere.
readingdir = $(docdir)/examples/reading
dist_reading_DATA = examples/reading/read.py examples/reading/read_numpy.py examples/reading/read.R examples/reading/read.jl examples/reading/read.gp \
	examples/reading/read.tex
# Templates for a batch system, to be edited and submitted.
slurmdir = $(docdir)/examples/slurm
dist_slurm_DATA = examples/slurm/array.sbatch examples/slurm/merge.sbatch examples/slurm/mpi.sbatch examples/slurm/requeue.sbatch examples/slurm/rounds.sh examples/slurm/study.sh
check_PROGRAMS += examples/verdict examples/wishart examples/ridge_spiked
examples_verdict_LDADD = libplim.la
# With a BLAS and a LAPACK of their own, which are those of plim.pc.
examples_wishart_LDADD = libplim.la $(OPENBLAS_LIBS) -lm
examples_ridge_spiked_LDADD = libplim.la $(OPENBLAS_LIBS) -lm
