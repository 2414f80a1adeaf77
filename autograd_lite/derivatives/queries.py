"""What has no derivative: questions about an array, and saving it, which get plain values; and what was left out, and why."""

import numpy as np
from numpy import ndarray

from autograd_lite.derivatives.kinds import constant, left_out

constant(np.iscomplex, np.isreal, np.iscomplexobj, np.isrealobj, np.may_share_memory)
constant(np.can_cast, np.common_type, np.min_scalar_type, np.einsum_path)
constant(np.diag_indices_from, np.tril_indices_from, np.triu_indices_from)
constant(np.array_repr, np.array_str, np.array2string, np.save, np.savez, np.savez_compressed, np.savetxt)

left_out(
    "it writes into its argument, and a record must stay true. Build a new array with np.where, np.concatenate or np.insert.",
    *(np.place, np.put, np.putmask, np.put_along_axis, np.fill_diagonal),
)
left_out(
    "needs a gradient, and a plain array cannot carry one. Join tensors with np.stack, np.concatenate or, in nested lists, np.block; "
    "choose entries with np.where; fill with t * np.ones(shape). Beside pandas write X.to_numpy(), beside scipy.sparse X.toarray(). "
    "To leave the gradient behind: .detach() or .data, of one number .item(). (Met within a function of SciPy? There are "
    "ag.logsumexp, ag.softmax, and import autograd_lite.scipy_special.)",
    ndarray.__array__,
)
left_out(
    "needs a gradient, which would be lost in a plain number, as float(), int() and complex() make one. If that is meant, say "
    ".item(); for a function use NumPy's (np.exp, not math.exp); to fill an array, collect the numbers in a list and np.stack it.",
    *(float, int, complex),
)
left_out(
    "A Tensor's entries cannot be assigned: NumPy gives no hook that would record it. Build the new tensor instead: "
    "np.where(mask, value, x) replaces entries, np.stack and np.concatenate join them; to change a leaf's numbers before anything is "
    "computed, write x.data[i] = value.",
    ndarray.__setitem__,
)
left_out(
    "A plain array, as np.full and np.full_like make one, cannot carry a Tensor's gradient. Equal entries: t * np.ones(shape), or "
    "np.broadcast_to(t, shape); else build the array with np.where, np.concatenate or np.insert.",
    np.copyto,
)
left_out(
    "An array's sort() and partition() work in place, and a Tensor is never changed in place, since records must stay true. Write "
    "np.sort(x), np.partition(x, kth): they return a new one.",
    *(ndarray.sort, ndarray.partition),
)
left_out(
    "An array's fill() and resize() work in place, and a Tensor is never changed in place, since records must stay true. Make a new "
    "one: t * np.ones(shape), np.resize(x, shape), np.pad; a leaf's numbers are changed by x.data = ….",
    *(ndarray.fill, ndarray.resize),
)
left_out(
    "A Tensor holds numbers, to which their bytes are of no concern. x.astype(dtype) converts them, x[...] and np.reshape look at "
    "them in another way, np.save(file, x) writes them; x.data is the array with all its methods. (Met within pandas? Write "
    "X.to_numpy().)",
    *(ndarray.view, ndarray.getfield, ndarray.setfield, ndarray.setflags, ndarray.byteswap, ndarray.to_device),
    *(ndarray.tobytes, ndarray.tofile, ndarray.dump, ndarray.dumps),
)
left_out(
    "it works on whole numbers or bits.",
    *(np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.bitwise_invert, np.bitwise_count, np.bitwise_left_shift),
    *(np.bitwise_right_shift, np.gcd, np.lcm, np.packbits, np.unpackbits, np.ravel_multi_index, np.unravel_index),
)
left_out("it makes indices, which are whole numbers. For grids there is np.meshgrid(x, y, indexing='ij', sparse=True).", np.ix_)
left_out("it works on dates.", np.isnat, np.busday_count, np.busday_offset, np.is_busday, np.datetime_as_string)
left_out(
    "its results are complex in general. For symmetric matrices there are np.linalg.eigh and np.linalg.eigvalsh.",
    *(np.linalg.eig, np.linalg.eigvals, np.roots, np.poly, np.sort_complex),
)
left_out("write np.linalg.pinv(a) @ b, or np.linalg.solve(a.T @ a, a.T @ b).", np.linalg.lstsq, np.polyfit)
left_out(
    "it belongs to NumPy's old polynomials. np.polyval evaluates one, np.convolve multiplies two.",
    *(np.polyadd, np.polysub, np.polymul, np.polydiv, np.polyder, np.polyint),
)
left_out("its result's shape depends on the numbers. Take the slice yourself.", np.trim_zeros)
left_out("write np.select or np.where, with arguments guarded against the other branch.", np.piecewise)
left_out("call the function for one axis after the other.", np.apply_over_axes)
left_out("its derivative is another Bessel function: import autograd_lite.scipy_special.", np.i0)
