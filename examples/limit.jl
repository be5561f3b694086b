# SPDX-License-Identifier: GPL-3.0-or-later
# limit.jl - limits of plim from Julia: the C functions are called as they are, nothing is compiled.
#
#   PLIM_LIBRARY=/usr/local/lib/libplim.so.0 julia limit.jl

const plim = get(ENV, "PLIM_LIBRARY", "libplim.so.0")

struct Value                # plim_value
    value::Cdouble
    error::Cdouble
end

mutable struct Problem      # plim_problem, in the order of plim_problem.h
    psi1::Cdouble
    psi2::Cdouble
    lambda::Cdouble
    eta::Cdouble
    eta_exponent::Cdouble
    noise::Cdouble
    d::Cdouble
    steps::Csize_t
    batch::Cuint
    readout::Cuint
    activation::Ptr{Cvoid}
    teacher::Ptr{Cvoid}
    atoms::Ptr{Cvoid}
    eta_second::Cdouble
    ridge_batch::Cuint
    overlap::Cdouble
    extra::Cdouble
    step_psi1::Cdouble
    inputs::Ptr{Cvoid}
    eta_second_exponent::Cdouble
end

function need(status, about)
    status == 0 || error(about, ": ", unsafe_string(ccall((:plim_status_meaning, plim), Cstring, (Cint,), status)))
end

function activation(name)
    handle = Ref{Ptr{Cvoid}}(C_NULL)
    need(ccall((:plim_activation_alloc, plim), Cint, (Cstring, Ref{Ptr{Cvoid}}, Ptr{Cvoid}), name, handle, C_NULL), name)
    handle[]
end

# The limit of `quantity`: psi1 = n/d, psi2 = N/d, noise a standard deviation.
function limit(quantity; psi1, psi2, teacher, lambda = 0.1, eta = 1.0, noise = 0.1)
    number, theory, value = Ref{Cint}(0), Ref{Ptr{Cvoid}}(C_NULL), Ref(Value(NaN, NaN))
    need(ccall((:plim_quantity_from_name, plim), Cint, (Cstring, Ref{Cint}), quantity, number), quantity)
    need(ccall((:plim_theory_alloc, plim), Cint, (Ref{Ptr{Cvoid}},), theory), "theory")
    problem = Problem(psi1, psi2, lambda, eta, 0.0, noise, Inf, 1, 0, 0, activation("tanh"), activation(teacher),
                      C_NULL, NaN, 0, 1.0, 0.0, 0.0, C_NULL, NaN)
    status = ccall((:plim_limit, plim), Cint, (Ptr{Cvoid}, Cint, Ref{Problem}, Ref{Value}), theory[], number[], problem,
                   value)
    ccall((:plim_activation_free, plim), Cvoid, (Ptr{Cvoid},), problem.teacher)
    ccall((:plim_activation_free, plim), Cvoid, (Ptr{Cvoid},), problem.activation)
    ccall((:plim_theory_free, plim), Cvoid, (Ptr{Cvoid},), theory[])
    need(status, quantity)
    value[]
end

using Printf
for psi1 in (0.731, 2.385, 5.19)
    r0 = limit("risk0"; psi1 = psi1, psi2 = 1.617, teacher = "relu", noise = 0.25)
    r1 = limit("risk1"; psi1 = psi1, psi2 = 1.617, teacher = "relu", noise = 0.25)
    @printf("psi1 = %.3f   R0 = %.12f   R1 = %.12f\n", psi1, r0.value, r1.value)
end
try
    limit("risk1"; psi1 = -1.0, psi2 = 1.5, teacher = "relu")
catch refused
    println(refused.msg)
end
