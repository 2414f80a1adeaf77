"""What is said, besides the shapes, where the shapes of a function's arguments do not fit."""

import numpy as np

from autograd_lite.derivatives.kinds import misfit

misfit(
    "Shapes are compared from the last axis back: two lengths must be equal, or one of them 1. x.reshape(-1, 1) makes a column "
    "of a vector.",
    None,  # of any function that broadcasts its arguments
)
misfit(
    "The last axis of the first and the last but one of the second (a vector's only one) are summed over, so they must be equally "
    "long. Transpose with .T, or swap the two.",
    *(np.matmul, np.dot, np.vecdot, np.linalg.matmul, np.linalg.multi_dot),
    *(getattr(np, name) for name in ("matvec", "vecmat") if hasattr(np, name)),  # from NumPy 2.2
)
misfit(
    "The last axes of both are summed over, so they must be equally long.",
    *(np.inner, np.linalg.vecdot),
)
misfit(
    "Joined along one axis, arrays must agree in all the others, and in how many they have. x.reshape(-1, 1) makes a column of a "
    "vector, x.reshape(1, -1) a row; np.stack puts arrays of one shape along a new axis.",
    *(np.concatenate, np.vstack, np.hstack, np.dstack, np.column_stack, np.append, np.block),
)
misfit(
    "Arrays of one shape are put along a new axis. np.concatenate joins them along an axis in which they may differ.",
    np.stack,
)
misfit("np.array_split cuts parts that need not be equal.", np.split, np.hsplit, np.vsplit, np.dsplit)
misfit("The number of entries stays; one length may be -1, which is found from the others.", np.reshape)
misfit("Least squares, for what is not square or singular: np.linalg.pinv(a) @ b.", np.linalg.inv, np.linalg.solve)
