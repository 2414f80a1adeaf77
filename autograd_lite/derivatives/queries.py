"""What has no derivative: questions about an array, and saving it, which get plain values; and what was left out, and why."""

import numpy as np

from autograd_lite.derivatives import constant, left_out

constant(np.iscomplex, np.isreal, np.iscomplexobj, np.isrealobj, np.may_share_memory)
constant(np.can_cast, np.common_type, np.min_scalar_type, np.einsum_path)
constant(np.diag_indices_from, np.tril_indices_from, np.triu_indices_from)
constant(np.array_repr, np.array_str, np.array2string, np.save, np.savez, np.savez_compressed, np.savetxt)

left_out(
    "it writes into its argument, and a record must stay true. Build a new array with np.where, np.concatenate or np.insert.",
    *(np.copyto, np.place, np.put, np.putmask, np.put_along_axis, np.fill_diagonal),
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
