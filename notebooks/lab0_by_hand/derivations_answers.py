# %% [markdown]
# Known answers to `derivations.py`: right in other ways (`variant=`), wrong in known ways (`mistake=`, with the points
# that the task must earn by its rubric). Each value of a task has its own points; those of secant-slope are halved
# between an h far from zero and an h that is zero or nearly.
#
# These are written as students write, so a few rules are off:
# ruff: noqa: B905, B028, E731

# %% [markdown]
# # Part A
#
# ## secant-slope: ½ where h is far from zero, ½ where it is zero

# %% solution="secant-slope" variant="sum-of-both-ends"
def secant_slope(x, h):
    print("from", x, "to", x + h)
    return x + (x + h)


# %% solution="secant-slope" variant="lambda-and-float32"
import warnings

secant_slope = lambda x, h, *rest: warnings.warn("late") or np.float32(h + 2.0 * x)

# %% solution="secant-slope" mistake="h-not-cancelled" score=0.5 from="solution"
# - return 2 * x + h
# + return ((x + h) ** 2 - x**2) / h


# %% solution="secant-slope" mistake="h-not-cancelled" score=0.5
def secant_slope(x, h):
    x, h = np.float64(x), np.float64(h)
    top = 2 * x * h + h**2
    return top / h


# %% solution="secant-slope" mistake="limit-too-early" score=0.5 from="solution"
# - return 2 * x + h
# + return 2 * x


# %% solution="secant-slope" mistake="limit-too-early" score=0.5
def secant_slope(x, h=0):
    middle = x
    return middle + middle + 0 * h


# %% solution="secant-slope" mistake="square-expanded-wrongly" score=0 from="solution"
# - return 2 * x + h
# + # (x + h)² = x² + x h + h²
# + return x + h
# %% solution="secant-slope" mistake="square-expanded-wrongly" score=0 from="solution"
# - return 2 * x + h
# + difference_of_squares_over_h = h  # x² + h² − x², divided by h
# + return difference_of_squares_over_h

# %% [markdown]
# ## slope: 1


# %% solution="slope" variant="by-the-earlier-function"
def slope(x):
    return secant_slope(x, 0)


# %% solution="slope" variant="array-of-one"
def slope(point):
    return np.array([point + point])


# %% solution="slope" mistake="slope-is-the-function-itself" score=0 from="solution"
# - return 2 * x
# + return x**2
# %% solution="slope" mistake="slope-is-the-function-itself" score=0 from="by-the-earlier-function"
# - return secant_slope(x, 0)
# + return np.square(x).item()

# %% solution="slope" mistake="factor-2-missing" score=0 from="solution"
# - return 2 * x
# + return x
# %% solution="slope" mistake="factor-2-missing" score=0 from="by-the-earlier-function"
# - return secant_slope(x, 0)
# + power = 2
# + return (power - 1) * x ** (power - 1)

# %% solution="slope" mistake="numbers-typed-in" score=0 from="solution"
# - return 2 * x
# + return 2
# %% solution="slope" mistake="numbers-typed-in" score=0 from="solution"
#   def slope(x):
# +     x = 1.5

# %% [markdown]
# ## partials: df_dx ½, df_dy ½


# %% solution="partials" variant="a-list"
def partials(x, y):
    slopes = [2.0 * x]
    slopes.append(3.0)
    return slopes


# %% solution="partials" variant="by-the-earlier-function"
def partials(a, b):
    return slope(a), 3 + 0 * b


# %% solution="partials" variant="an-array"
def partials(x, y):
    df_dx, df_dy = x + x, 3
    return np.array([df_dx, df_dy])


# %% solution="partials" mistake="other-term-kept" score=0 from="solution"
# - return 2 * x, 3
# + return 2 * x + 3 * y, x**2 + 3
# %% solution="partials" mistake="other-term-kept" score=0 from="solution"
# - return 2 * x, 3
# + total = 2 * x + 3
# + return total, total

# %% solution="partials" mistake="values-swapped" score=0 from="solution"
# - return 2 * x, 3
# + return 3, 2 * x


# %% solution="partials" mistake="values-swapped" score=0
def partials(y, x):
    slopes = {"y": 3.0, "x": 2 * y}
    return tuple(slopes.values())


# %% solution="partials" mistake="slope-is-the-function-itself" score=0.5 from="solution"
# - return 2 * x, 3
# + return 2 * x, 3 * y
# %% solution="partials" mistake="slope-is-the-function-itself" score=0.5 from="solution"
# - return 2 * x, 3
# + df_dx, df_dy = x * x, 3
# + return df_dx, df_dy

# %% [markdown]
# ## gradient: 1


# %% solution="gradient" variant="as-a-product"
def gradient(x):
    return np.array([[2, 3], [3, 0]]) @ x


# %% solution="gradient" variant="a-list-in-place"
def gradient(x):
    x1, x2 = x
    x[:] = 2 * x1 + 3 * x2, 3 * x1
    return list(x)


# %% solution="gradient" mistake="term-forgotten" score=0 from="solution"
# - return np.array([2 * x[0] + 3 * x[1], 3 * x[0]])
# + return np.array([2 * x[0], 3 * x[0]])


# %% solution="gradient" mistake="term-forgotten" score=0
def gradient(x):
    slopes = np.zeros(2)
    slopes[0] = 2 * x[0] + 3 * x[1]
    return slopes


# %% solution="gradient" mistake="sign" score=0 from="solution"
# - return np.array([2 * x[0] + 3 * x[1], 3 * x[0]])
# + return -np.array([2 * x[0] + 3 * x[1], 3 * x[0]])
# %% solution="gradient" mistake="sign" score=0 from="solution"
# - return np.array([2 * x[0] + 3 * x[1], 3 * x[0]])
# + x1, x2 = -x
# + return [2 * x1 + 3 * x2, 3 * x1]

# %% solution="gradient" mistake="slopes-added-up" score=0 from="solution"
# - return np.array([2 * x[0] + 3 * x[1], 3 * x[0]])
# + return 2 * x[0] + 3 * x[1] + 3 * x[0]
# %% solution="gradient" mistake="slopes-added-up" score=0 from="solution"
# - return np.array([2 * x[0] + 3 * x[1], 3 * x[0]])
# + by_x1, by_x2 = 2 * x[0] + 3 * x[1], 3 * x[0]
# + return np.sum([by_x1, by_x2])

# %% [markdown]
# ## jacobian: jacobian 1, curved_jacobian 1


# %% solution="jacobian" variant="lists"
def jacobian(x):
    return [[1, 2], [3, -1]]


def curved_jacobian(x):
    x1, x2 = x
    return [[x2, x1], [2 * x1, -1], [0, 4]]


# %% solution="jacobian" variant="filled-in"
def jacobian(point):
    J = np.zeros((2, 2), dtype=np.float32)
    for k, row in enumerate(((1, 2), (3, -1))):
        J[k] = row
    return J


def curved_jacobian(point):
    by_x1 = np.array([point[1], 2 * point[0], 0])
    by_x2 = np.array([point[0], -1, 4])
    return np.stack([by_x1, by_x2], axis=1)


# %% solution="jacobian" mistake="transposed" score=0 from="solution"
# - return np.array([[1, 2], [3, -1]])
# + return np.array([[1, 3], [2, -1]])
# - return np.array([[x[1], x[0]], [2 * x[0], -1], [0, 4]])
# + return np.array([[x[1], 2 * x[0], 0], [x[0], -1, 4]])
# %% solution="jacobian" mistake="transposed" score=1 from="solution"
# - return np.array([[x[1], x[0]], [2 * x[0], -1], [0, 4]])
# + by_x1, by_x2 = [x[1], 2 * x[0], 0.0], [x[0], -1.0, 4.0]
# + return np.vstack([by_x1, by_x2])

# %% solution="jacobian" mistake="slope-is-the-function-itself" score=1 from="solution"
# - return np.array([[1, 2], [3, -1]])
# + return np.array([[x[0], 2 * x[1]], [3 * x[0], -x[1]]])
# %% solution="jacobian" mistake="slope-is-the-function-itself" score=1 from="lists"
# - return [[1, 2], [3, -1]]
# + return np.array([[1, 2], [3, -1]]) * x
# - return [[x2, x1], [2 * x1, -1], [0, 4]]
# + return np.array([[x2, x1], [2 * x1, -1.0], [0.0, 4.0]])

# %% solution="jacobian" mistake="numbers-typed-in" score=1 from="solution"
# - return np.array([[x[1], x[0]], [2 * x[0], -1], [0, 4]])
# + return np.array([[1, 1], [2, -1], [0, 4]])


# %% solution="jacobian" mistake="numbers-typed-in" score=1
def jacobian(x):
    return [[1.0, 2.0], [3.0, -1.0]]


def curved_jacobian(x):
    x = np.array([0.8, -1.3])
    return [[x[1], x[0]], [2 * x[0], -1], [0, 4]]


# %% [markdown]
# ## chained-slope: 1

# %% solution="chained-slope" variant="in-steps"
import math


def chained_slope(x):
    u = x * x
    outer = math.cos(u)
    inner = 2 * x
    return outer * inner


# %% solution="chained-slope" variant="by-the-earlier-function"
def chained_slope(x):
    return slope(x) * np.cos(np.float64(x) ** 2)


# %% solution="chained-slope" mistake="inner-derivative-left-out" score=0 from="solution"
# - return np.cos(x**2) * 2 * x
# + return np.cos(x**2)


# %% solution="chained-slope" mistake="inner-derivative-left-out" score=0
def chained_slope(x):
    u = x * x
    dy_du = np.sin(u + np.pi / 2)
    return dy_du


# %% solution="chained-slope" mistake="outer-slope-at-the-input" score=0 from="solution"
# - return np.cos(x**2) * 2 * x
# + return np.cos(x) * 2 * x
# %% solution="chained-slope" mistake="outer-slope-at-the-input" score=0 from="solution"
# - return np.cos(x**2) * 2 * x
# + dy_du, du_dx = np.cos, lambda x: x + x
# + return dy_du(x) * du_dx(x)

# %% solution="chained-slope" mistake="slopes-nested" score=0 from="solution"
# - return np.cos(x**2) * 2 * x
# + return np.cos(2 * x)
# %% solution="chained-slope" mistake="slopes-nested" score=0 from="solution"
# - return np.cos(x**2) * 2 * x
# + dy_du, du_dx = np.cos, lambda x: x + x
# + return dy_du(du_dx(x))

# %% solution="chained-slope" mistake="added-instead-of-multiplied" score=0 from="solution"
# - return np.cos(x**2) * 2 * x
# + return np.cos(x**2) + 2 * x
# %% solution="chained-slope" mistake="added-instead-of-multiplied" score=0 from="by-the-earlier-function"
# - return slope(x) * np.cos(np.float64(x) ** 2)
# + return np.sum([2.0 * x, np.cos(x * x)])

# %% [markdown]
# # Part B
#
# ## in-terms-of: dl_dbeta ½, dl_domega ½


# %% solution="in-terms-of" variant="loop"
def in_terms_of(dl_df, df_dbeta, df_domega):
    dl_domega = []
    for df_domega_j in df_domega:
        dl_domega.append(dl_df * df_domega_j)
    return df_dbeta * dl_df, dl_domega


# %% solution="in-terms-of" variant="both-at-once-in-float32"
def in_terms_of(back, *links):
    both = np.float32(back) * np.array([links[0], *links[1]], dtype=np.float32)
    print(both)
    return both[:1], both[1:]


# %% solution="in-terms-of" variant="in-place"
def in_terms_of(dl_df, df_dbeta, df_domega):
    df_domega *= dl_df
    return [dl_df * df_dbeta, df_domega]


# %% solution="in-terms-of" mistake="link-left-out" score=0.5 from="solution"
# - return dl_df * df_dbeta, dl_df * df_domega
# + return dl_df, dl_df * df_domega


# %% solution="in-terms-of" mistake="link-left-out" score=0
def in_terms_of(dl_df, df_dbeta, df_domega):
    dl_domega = np.empty(len(df_domega))
    dl_domega[:] = dl_df
    return dl_df, dl_domega


# %% solution="in-terms-of" mistake="link-left-out" score=0 from="solution"
# - return dl_df * df_dbeta, dl_df * df_domega
# + return dl_df, dl_df

# %% solution="in-terms-of" mistake="upstream-dropped" score=0 from="solution"
# - return dl_df * df_dbeta, dl_df * df_domega
# + return df_dbeta, df_domega


# %% solution="in-terms-of" mistake="upstream-dropped" score=0.5
def in_terms_of(dl_df, df_dbeta, df_domega):
    dl_dbeta = dl_df * df_dbeta
    dl_domega = 1 * df_domega
    return dl_dbeta, dl_domega


# %% solution="in-terms-of" mistake="added-instead-of-multiplied" score=0 from="solution"
# - return dl_df * df_dbeta, dl_df * df_domega
# + return dl_df + df_dbeta, dl_df + df_domega
# %% solution="in-terms-of" mistake="added-instead-of-multiplied" score=0 from="solution"
# - return dl_df * df_dbeta, dl_df * df_domega
# + return sum([dl_df, df_dbeta]), [sum([dl_df, one]) for one in df_domega]

# %% solution="in-terms-of" mistake="slopes-added-up" score=0.5 from="solution"
# - return dl_df * df_dbeta, dl_df * df_domega
# + return dl_df * df_dbeta, np.sum(dl_df * df_domega)


# %% solution="in-terms-of" mistake="slopes-added-up" score=0.5
def in_terms_of(dl_df, df_dbeta, df_domega):
    dl_domega = 0
    for one in df_domega:
        dl_domega += dl_df * one
    return dl_df * df_dbeta, dl_domega


# %% [markdown]
# ## local-slopes: dl_df ½, df_dbeta ½, df_domega ½


# %% solution="local-slopes" variant="lists"
def local_slopes(x, y, f):
    dl_df = -2 * (y - f)
    df_domega = [x_j for x_j in x]
    return [dl_df, 1.0, df_domega]


# %% solution="local-slopes" variant="arrays-of-one"
def local_slopes(x, y, f):
    error = np.array([f - y])
    return 2 * error, np.ones(1), x.copy()


# %% solution="local-slopes" mistake="factor-2-missing" score=1 from="solution"
# - return 2 * (f - y), 1, x
# + return f - y, 1, x
# %% solution="local-slopes" mistake="factor-2-missing" score=1 from="solution"
# - return 2 * (f - y), 1, x
# + half_square = lambda u: (u + 1) ** 2 / 2 - u**2 / 2 - 0.5
# + return half_square(f - y), 1.0, np.array(x)

# %% solution="local-slopes" mistake="sign" score=1 from="solution"
# - return 2 * (f - y), 1, x
# + return 2 * (y - f), 1, x


# %% solution="local-slopes" mistake="sign" score=1
def local_slopes(x, y, f):
    residual = y - f
    dl_df = residual + residual
    return dl_df, 1.0, np.copy(x)


# %% solution="local-slopes" mistake="bias-taken-for-a-constant" score=1 from="solution"
# - return 2 * (f - y), 1, x
# + return 2 * (f - y), 0, x
# %% solution="local-slopes" mistake="bias-taken-for-a-constant" score=1 from="solution"
# - return 2 * (f - y), 1, x
# + df_dbeta = np.zeros(1)
# + return 2 * f - 2 * y, df_dbeta, x

# %% solution="local-slopes" mistake="input-left-out" score=1 from="solution"
# - return 2 * (f - y), 1, x
# + return 2 * (f - y), 1, np.ones(len(x))
# %% solution="local-slopes" mistake="input-left-out" score=1 from="solution"
# - return 2 * (f - y), 1, x
# + return 2 * (f - y), 1, [1 for _ in x]

# %% [markdown]
# ## in-terms-of-all: dL_dbeta ½, dL_domega ½


# %% solution="in-terms-of-all" variant="dot"
def in_terms_of_all(dL_df, df_dbeta, df_domega):
    return np.dot(df_dbeta, dL_df).item(), np.dot(df_domega, dL_df)


# %% solution="in-terms-of-all" variant="loops"
def in_terms_of_all(dL_df, df_dbeta, df_domega):
    D_i, I = df_domega.shape
    dL_dbeta, dL_domega = 0.0, np.zeros((D_i, 1))
    for i in range(I):
        dL_dbeta += df_dbeta[0, i] * dL_df[i, 0]
        for j in range(D_i):
            dL_domega[j, 0] += df_domega[j, i] * dL_df[i, 0]
    return dL_dbeta, dL_domega


# %% solution="in-terms-of-all" variant="einsum-float32"
def in_terms_of_all(dL_df, *tables):
    return tuple(np.einsum("ji,ik->jk", table, dL_df).astype(np.float32) for table in tables)


# %% solution="in-terms-of-all" mistake="elementwise-product" score=0 from="solution"
# - return df_dbeta @ dL_df, df_domega @ dL_df
# + return df_dbeta * dL_df.T, df_domega * dL_df.T
# %% solution="in-terms-of-all" mistake="elementwise-product" score=0 from="dot"
# - return np.dot(df_dbeta, dL_df).item(), np.dot(df_domega, dL_df)
# + column = dL_df[:, 0]
# + return np.multiply(df_dbeta, column), np.array([row * column for row in df_domega])

# %% solution="in-terms-of-all" mistake="mean-taken-twice" score=0 from="solution"
# - return df_dbeta @ dL_df, df_domega @ dL_df
# + I = len(dL_df)
# + return df_dbeta @ dL_df / I, df_domega @ dL_df / I
# %% solution="in-terms-of-all" mistake="mean-taken-twice" score=0 from="dot"
# - return np.dot(df_dbeta, dL_df).item(), np.dot(df_domega, dL_df)
# + column = dL_df[:, 0]
# + return np.mean(df_dbeta * column), np.mean(df_domega * column, axis=1, keepdims=True)

# %% solution="in-terms-of-all" mistake="bias-not-summed" score=0.5 from="solution"
# - return df_dbeta @ dL_df, df_domega @ dL_df
# + return dL_df, df_domega @ dL_df
# %% solution="in-terms-of-all" mistake="bias-not-summed" score=0.5 from="dot"
# - return np.dot(df_dbeta, dL_df).item(), np.dot(df_domega, dL_df)
# + shares = [df_dbeta[0, i] * dL_df[i, 0] for i in range(len(dL_df))]
# + return np.array(shares), df_domega @ dL_df

# %% [markdown]
# ## local-slopes-of-all: dL_df ½, df_dbeta ½, df_domega ½


# %% solution="local-slopes-of-all" variant="transposed-late"
def local_slopes_of_all(X, y, f):
    I = X.shape[0]
    return (2 / I) * (f - y), np.ones((I, 1)).T, np.transpose(X)


# %% solution="local-slopes-of-all" variant="loops-and-lists"
def local_slopes_of_all(X, y, f):
    I, D_i = np.shape(X)
    dL_df = [[2 * (f[i][0] - y[i][0]) / I] for i in range(I)]
    df_domega = [[X[i][j] for i in range(I)] for j in range(D_i)]
    return dL_df, [[1] * I], df_domega


# %% solution="local-slopes-of-all" variant="by-the-earlier-function"
def local_slopes_of_all(X, y, f):
    of_each = [local_slopes(X[i], y[i, 0], f[i, 0]) for i in range(len(X))]
    dL_df = np.array([one[0] for one in of_each]).reshape(-1, 1) / len(X)
    df_dbeta = np.array([one[1] for one in of_each]).reshape(1, -1)
    return dL_df, df_dbeta, np.array([one[2] for one in of_each]).T


# %% solution="local-slopes-of-all" variant="in-place"
def local_slopes_of_all(X, y, f):
    f -= y
    f *= 2 / y.size
    return f, np.ones_like(y).T, X.T


# %% solution="local-slopes-of-all" mistake="mean-missing" score=1 from="solution"
# - return 2 * (f - y) / len(X), np.ones((1, len(X))), X.T
# + return 2 * (f - y), np.ones((1, len(X))), X.T
# %% solution="local-slopes-of-all" mistake="mean-missing" score=1 from="solution"
# - return 2 * (f - y) / len(X), np.ones((1, len(X))), X.T
# + dL_df = np.array([[2 * (f_i - y_i)] for f_i, y_i in zip(f[:, 0], y[:, 0])])
# + return dL_df, np.ones_like(y.T), X.T.copy()

# %% solution="local-slopes-of-all" mistake="mean-of-the-cost-taken-here-too" score=0.5 from="solution"
# - return 2 * (f - y) / len(X), np.ones((1, len(X))), X.T
# + I = len(y)
# + return 2 * (f - y) / I, np.ones((1, I)) / I, X.T / I
# %% solution="local-slopes-of-all" mistake="mean-of-the-cost-taken-here-too" score=1 from="solution"
# - return 2 * (f - y) / len(X), np.ones((1, len(X))), X.T
# + return 2 * (f - y) / len(y), np.ones((1, len(y))), np.stack([x / len(X) for x in X], axis=1)

# %% solution="local-slopes-of-all" mistake="bias-taken-for-a-constant" score=1 from="solution"
# - return 2 * (f - y) / len(X), np.ones((1, len(X))), X.T
# + return 2 * (f - y) / len(y), np.zeros((1, len(y))), X.T
# %% solution="local-slopes-of-all" mistake="bias-taken-for-a-constant" score=1 from="solution"
# - return 2 * (f - y) / len(X), np.ones((1, len(X))), X.T
# + df_dbeta = [[0 for _ in X]]
# + return 2 * (f - y) / y.size, df_dbeta, X.T

# %% solution="local-slopes-of-all" mistake="transposed" score=1 from="solution"
# - return 2 * (f - y) / len(X), np.ones((1, len(X))), X.T
# + return 2 * (f - y) / len(y), np.ones((1, len(y))), X
# %% solution="local-slopes-of-all" mistake="transposed" score=0.5 from="solution"
# - return 2 * (f - y) / len(X), np.ones((1, len(X))), X.T
# + df_domega = np.array([[x_ij for x_ij in x_i] for x_i in X])
# + return 2 * (f - y) / len(y), np.ones((len(y), 1)), df_domega

# %% solution="local-slopes-of-all" mistake="reshaped-instead-of-transposed" score=1 from="solution"
# - return 2 * (f - y) / len(X), np.ones((1, len(X))), X.T
# + I, D_i = X.shape
# + return 2 * (f - y) / I, np.ones((1, I)), X.reshape(D_i, I)


# %% solution="local-slopes-of-all" mistake="reshaped-instead-of-transposed" score=1
def local_slopes_of_all(X, y, f):
    flat = list(X.ravel())
    table = np.array([flat[k : k + len(X)] for k in range(0, len(flat), len(X))])
    return 2 * (f - y) / len(y), np.ones((1, len(y))), table


# %% solution="local-slopes-of-all" mistake="rows-and-columns-mixed-up" score=1 from="solution"
# - return 2 * (f - y) / len(X), np.ones((1, len(X))), X.T
# + return 2 * (f - y) / len(y), np.ones((1, X.shape[1])), X.T


# %% solution="local-slopes-of-all" mistake="rows-and-columns-mixed-up" score=1
def local_slopes_of_all(X, y, f):
    df_domega = X.T
    df_dbeta = [[1.0 for _ in df_domega]]
    return 2 * (f - y) / len(y), df_dbeta, df_domega


# %% [markdown]
# ## shapes-of-gradients: of_dL_dW ½, of_dL_db ½


# %% solution="shapes-of-gradients" variant="lists"
def shapes_of_gradients(W, b):
    return [list(np.shape(W)), list(np.shape(b))]


# %% solution="shapes-of-gradients" variant="of-zeros"
def shapes_of_gradients(W, b):
    dL_dW, dL_db = np.zeros_like(W), np.zeros_like(b)
    return dL_dW.shape, len(dL_db)


# %% solution="shapes-of-gradients" mistake="shape-of-the-outputs" score=0.5 from="solution"
# - return W.shape, b.shape
# + return b.shape, b.shape
# %% solution="shapes-of-gradients" mistake="shape-of-the-outputs" score=0.5 from="lists"
# - return [list(np.shape(W)), list(np.shape(b))]
# + neurons = len(W)
# + return (neurons,), (neurons,)

# %% solution="shapes-of-gradients" mistake="transposed" score=0.5 from="solution"
# - return W.shape, b.shape
# + return W.T.shape, b.T.shape
# %% solution="shapes-of-gradients" mistake="transposed" score=0.5 from="solution"
# - return W.shape, b.shape
# + rows, columns = W.shape
# + return [columns, rows], [b.size]

# %% solution="shapes-of-gradients" mistake="shape-of-the-cost" score=0 from="lists"
# - return [list(np.shape(W)), list(np.shape(b))]
# + return (), ()
# %% solution="shapes-of-gradients" mistake="shape-of-the-cost" score=0 from="lists"
# - return [list(np.shape(W)), list(np.shape(b))]
# + cost = np.sum(W) + np.sum(b)
# + return np.shape(cost), np.shape(cost)

# %% [markdown]
# # Part C
#
# ## weight-gradient: 1


# %% solution="weight-gradient" variant="outer"
def weight_gradient(dl_df, h):
    return np.outer(dl_df, h)


# %% solution="weight-gradient" variant="loops"
def weight_gradient(dl_df, h):
    gradient = np.zeros((len(dl_df), len(h)))
    for k in range(len(dl_df)):
        for j in range(len(h)):
            gradient[k, j] = dl_df[k, 0] * h[j, 0]
    return gradient


# %% solution="weight-gradient" variant="einsum-float32"
def weight_gradient(back, enters, transposed=False):
    return np.einsum("ki,ji->kj", back.astype(np.float32), enters.astype(np.float32))


# %% solution="weight-gradient" mistake="transposed" score=0 from="solution"
# - return dl_df @ h.T
# + return h @ dl_df.T
# %% solution="weight-gradient" mistake="transposed" score=0 from="outer"
# - return np.outer(dl_df, h)
# + return np.array([[h_j * slope_k for slope_k in dl_df[:, 0]] for h_j in h[:, 0]])

# %% solution="weight-gradient" mistake="elementwise-product" score=0 from="solution"
# - return dl_df @ h.T
# + return dl_df * h
# %% solution="weight-gradient" mistake="elementwise-product" score=0 from="outer"
# - return np.outer(dl_df, h)
# + return np.multiply(h, dl_df)

# %% solution="weight-gradient" mistake="inner-product" score=0 from="solution"
# - return dl_df @ h.T
# + return dl_df.T @ h
# %% solution="weight-gradient" mistake="inner-product" score=0 from="outer"
# - return np.outer(dl_df, h)
# + return np.inner(h.ravel(), dl_df.ravel())

# %% [markdown]
# ## block-jacobian: 1


# %% solution="block-jacobian" variant="loop"
def block_jacobian(x, D_o):
    D_i = len(x)
    J = np.zeros((D_o, D_o * D_i))
    for i in range(D_o):
        J[i, i * D_i : (i + 1) * D_i] = x
    return J


# %% solution="block-jacobian" variant="nested-lists"
def block_jacobian(x, D_o):
    zeros = [0.0] * len(x)
    rows = []
    for i in range(D_o):
        rows.append(zeros * i + list(x) + zeros * (D_o - 1 - i))
    return rows


# %% solution="block-jacobian" mistake="zeros-forgotten" score=0 from="solution"
# - return np.kron(np.eye(D_o), x)
# + return np.tile(x, (D_o, D_o))
# %% solution="block-jacobian" mistake="zeros-forgotten" score=0 from="solution"
# - return np.kron(np.eye(D_o), x)
# + return [[*x] * D_o for _ in range(D_o)]

# %% solution="block-jacobian" mistake="blocks-in-another-order" score=0 from="solution"
# - return np.kron(np.eye(D_o), x)
# + return np.kron(x, np.eye(D_o))


# %% solution="block-jacobian" mistake="blocks-in-another-order" score=0
def block_jacobian(x, D_o):
    J = np.zeros((D_o, D_o * len(x)))
    for i in range(D_o):
        for k in range(len(x)):
            J[i, k * D_o + i] = x[k]
    return J


# %% solution="block-jacobian" mistake="transposed" score=0 from="solution"
# - return np.kron(np.eye(D_o), x)
# + return np.kron(np.eye(D_o), x).T


# %% solution="block-jacobian" mistake="transposed" score=0
def block_jacobian(x, D_o):
    J = np.zeros((D_o * len(x), D_o))
    for i in range(D_o):
        J[i * len(x) : (i + 1) * len(x), i] = x
    return J


# %% [markdown]
# ## activation-jacobian: 1


# %% solution="activation-jacobian" variant="where"
def activation_jacobian(z):
    return np.where(z > 0, 1, 0) * np.eye(len(z))


# %% solution="activation-jacobian" variant="loop"
def activation_jacobian(z):
    J = np.zeros((z.size, z.size), dtype=np.float32)
    for i, z_i in enumerate(z):
        if z_i > 0:
            J[i, i] = 1
    return J


# %% solution="activation-jacobian" mistake="diagonal-alone" score=0 from="solution"
# - return np.diag((z > 0).astype(float))
# + return (z > 0) * 1.0


# %% solution="activation-jacobian" mistake="diagonal-alone" score=0
def activation_jacobian(z):
    slopes = []
    for z_i in z:
        slopes.append(1 if z_i > 0 else 0)
    return slopes


# %% solution="activation-jacobian" mistake="zeros-forgotten" score=0 from="where"
# - return np.where(z > 0, 1, 0) * np.eye(len(z))
# + return np.tile((z > 0) * 1.0, (len(z), 1))
# %% solution="activation-jacobian" mistake="zeros-forgotten" score=0 from="where"
# - return np.where(z > 0, 1, 0) * np.eye(len(z))
# + slopes = np.heaviside(z, 0)
# + return slopes[:, None] * np.ones((1, len(z)))

# %% solution="activation-jacobian" mistake="relu-in-place-of-its-indicator" score=0 from="solution"
# - return np.diag((z > 0).astype(float))
# + return np.diag(np.maximum(z, 0))


# %% solution="activation-jacobian" mistake="relu-in-place-of-its-indicator" score=0
def activation_jacobian(z):
    J = np.eye(len(z))
    for i in range(len(z)):
        J[i, i] = max(0, z[i])
    return J


# %% [markdown]
# ## delta: 1


# %% solution="delta" variant="by-the-jacobian"
def delta(y_hat, y, z):
    return (y_hat - y) @ activation_jacobian(z)


# %% solution="delta" variant="stopped-in-place"
def delta(y_hat, y, z):
    y_hat -= y
    y_hat[z < 0] = 0
    return y_hat


# %% solution="delta" variant="loop"
def delta(y_hat, y, z):
    return [a - t if a > 0 else 0 for a, t in zip(y_hat, y)]


# %% solution="delta" mistake="slope-dropped" score=0 from="by-the-jacobian"
# - return (y_hat - y) @ activation_jacobian(z)
# + return y_hat - y
# %% solution="delta" mistake="slope-dropped" score=0 from="loop"
# - return [a - t if a > 0 else 0 for a, t in zip(y_hat, y)]
# + return [np.maximum(z_i, 0) - y_i for z_i, y_i in zip(z, y)]

# %% solution="delta" mistake="factor-2-twice" score=0 from="solution"
# - return (y_hat - y) * (z > 0)
# + return 2 * (y_hat - y) * (z > 0)
# %% solution="delta" mistake="factor-2-twice" score=0 from="solution"
# - return (y_hat - y) * (z > 0)
# + error = y_hat - y
# + return np.where(z > 0, error + error, 0)

# %% solution="delta" mistake="upstream-dropped" score=0 from="solution"
# - return (y_hat - y) * (z > 0)
# + return (z > 0) * 1.0
# %% solution="delta" mistake="upstream-dropped" score=0 from="solution"
# - return (y_hat - y) * (z > 0)
# + return np.array([float(z_i > 0) for z_i in z])

# %% solution="delta" mistake="summed-over-units" score=0 from="solution"
# - return (y_hat - y) * (z > 0)
# + return (y_hat - y) @ (z > 0)


# %% solution="delta" mistake="summed-over-units" score=0
def delta(y_hat, y, z):
    total = 0
    for i in range(len(z)):
        if z[i] > 0:
            total += y_hat[i] - y[i]
    return total


# %% [markdown]
# ## augmented-gradient: 1


# %% solution="augmented-gradient" variant="column-beside"
def augmented_gradient(dl_df, h):
    return np.hstack([dl_df @ h.T, dl_df])


# %% solution="augmented-gradient" variant="outer"
def augmented_gradient(dl_df, h):
    with_one = np.append(h, 1.0)
    return np.outer(dl_df, with_one)


# %% solution="augmented-gradient" variant="by-the-earlier-function"
def augmented_gradient(dl_df, h):
    result = np.empty((len(dl_df), len(h) + 1))
    result[:, :-1] = weight_gradient(dl_df, h)
    result[:, -1:] = weight_gradient(dl_df, np.ones((1, 1)))
    return result


# %% solution="augmented-gradient" mistake="bias-forgotten" score=0 from="solution"
# - return weight_gradient(dl_df, np.vstack([h, [[1]]]))
# + return weight_gradient(dl_df, h)
# %% solution="augmented-gradient" mistake="bias-forgotten" score=0 from="column-beside"
# - return np.hstack([dl_df @ h.T, dl_df])
# + return np.outer(dl_df, h)

# %% solution="augmented-gradient" mistake="columns-in-another-order" score=0 from="solution"
# - return weight_gradient(dl_df, np.vstack([h, [[1]]]))
# + return dl_df @ np.vstack([[[1]], h]).T
# %% solution="augmented-gradient" mistake="columns-in-another-order" score=0 from="column-beside"
# - return np.hstack([dl_df @ h.T, dl_df])
# + return np.concatenate([dl_df, dl_df * h.T], axis=1)

# %% solution="augmented-gradient" mistake="bias-taken-for-a-constant" score=0 from="solution"
# - return weight_gradient(dl_df, np.vstack([h, [[1]]]))
# + return dl_df @ np.vstack([h, [[0]]]).T


# %% solution="augmented-gradient" mistake="bias-taken-for-a-constant" score=0
def augmented_gradient(dl_df, h):
    result = np.zeros((len(dl_df), len(h) + 1))
    result[:, : len(h)] = np.outer(dl_df, h)
    return result


# %% [markdown]
# # Mutants as right as the solution

# %% solution="gradient" equivalent="a list of numbers is as good as an array" from="solution"
# - return np.array([2 * x[0] + 3 * x[1], 3 * x[0]])
# + return [2 * x[0] + 3 * x[1], 3 * x[0]]

# %% solution="jacobian" equivalent="a list of rows is as good as an array" from="solution"
# - return np.array([[1, 2], [3, -1]])
# + return [[1, 2], [3, -1]]

# %% solution="jacobian" equivalent="a list of rows is as good as an array, in the second function too" from="solution"
# - return np.array([[x[1], x[0]], [2 * x[0], -1], [0, 4]])
# + return [[x[1], x[0]], [2 * x[0], -1], [0, 4]]

# %% solution="in-terms-of-all" equivalent="the transpose of one number is that number" from="solution"
# - return df_dbeta @ dL_df, df_domega @ dL_df
# + return (df_dbeta @ dL_df).T, df_domega @ dL_df

# %% solution="local-slopes-of-all" equivalent="X, y and f have as many rows: y for the mean" from="solution"
# - return 2 * (f - y) / len(X), np.ones((1, len(X))), X.T
# + return 2 * (f - y) / len(y), np.ones((1, len(X))), X.T

# %% solution="local-slopes-of-all" equivalent="X, y and f have as many rows: f for the mean" from="solution"
# - return 2 * (f - y) / len(X), np.ones((1, len(X))), X.T
# + return 2 * (f - y) / len(f), np.ones((1, len(X))), X.T

# %% solution="local-slopes-of-all" equivalent="X, y and f have as many rows: y for the row of ones" from="solution"
# - return 2 * (f - y) / len(X), np.ones((1, len(X))), X.T
# + return 2 * (f - y) / len(X), np.ones((1, len(y))), X.T

# %% solution="local-slopes-of-all" equivalent="X, y and f have as many rows: f for the row of ones" from="solution"
# - return 2 * (f - y) / len(X), np.ones((1, len(X))), X.T
# + return 2 * (f - y) / len(X), np.ones((1, len(f))), X.T

# %% solution="weight-gradient" equivalent="a column * a row is the table of all products, too" from="solution"
# - return dl_df @ h.T
# + return dl_df * h.T

# %% solution="activation-jacobian" equivalent="z is nowhere 0" from="solution"
# - return np.diag((z > 0).astype(float))
# + return np.diag((z >= 0).astype(float))

# %% solution="activation-jacobian" equivalent="True and False count as 1 and 0" from="solution"
# - return np.diag((z > 0).astype(float))
# + return np.diag(z > 0)

# %% solution="delta" equivalent="z is nowhere 0" from="solution"
# - return (y_hat - y) * (z > 0)
# + return (y_hat - y) * (z >= 0)

# %% solution="delta" equivalent="where z > 0, it is what ReLU says" from="solution"
# - return (y_hat - y) * (z > 0)
# + return (z - y) * (z > 0)

# %% solution="delta" equivalent="ReLU's output is above 0 where z is" from="solution"
# - return (y_hat - y) * (z > 0)
# + return (y_hat - y) * (y_hat > 0)

# %% [markdown]
# Known answers to parts D to F. Each function has one point, so what is wrong in any case earns 0. Three have it in two
# halves: e-gaussian for few samples and for many (where a product of densities is 0 in a float), f-delta-output for
# ordinary and for large logits, f-first-layer for weights and for biases.

# %% [markdown]
# ## D · Networks written out


# %% solution="d-two-layers" variant="sums-as-loops"
def two_layers(x, W1, W2):
    z = [np.tanh(row[0] + sum(w * one for w, one in zip(row[1:], x))) for row in W1]
    return [sigmoid(row[0] + sum(w * one for w, one in zip(row[1:], z))) for row in W2]


# %% solution="d-two-layers" variant="biases-apart-in-place"
def two_layers(inputs, W1, W2, prints=True):
    a = W1[:, 1:].dot(inputs)
    a += W1[:, 0]
    a = W2[:, 1:].dot(np.tanh(a)) + W2[:, 0]
    if prints:
        print("logits", a)
    return np.exp(a) / (1 + np.exp(a))


# %% solution="d-two-layers" mistake="activation-missing" score=0 from="solution"
# - return sigmoid(np.dot(W2, with_one(np.tanh(np.dot(W1, with_one(x))))))
# + return W2 @ with_one(np.tanh(W1 @ with_one(x)))
# %% solution="d-two-layers" mistake="activation-missing" score=0 from="solution"
# - return sigmoid(np.dot(W2, with_one(np.tanh(np.dot(W1, with_one(x))))))
# + z = W1[:, 1:].dot(x) + W1[:, 0]
# + return 1 / (1 + np.exp(-(W2[:, 1:].dot(z) + W2[:, 0])))

# %% solution="d-two-layers" mistake="activations-swapped" score=0 from="solution"
# - return sigmoid(np.dot(W2, with_one(np.tanh(np.dot(W1, with_one(x))))))
# + return np.tanh(W2 @ with_one(sigmoid(W1 @ with_one(x))))
# %% solution="d-two-layers" mistake="activations-swapped" score=0 from="solution"
# - return sigmoid(np.dot(W2, with_one(np.tanh(np.dot(W1, with_one(x))))))
# + z = [sigmoid(row[0] + row[1:] @ x) for row in W1]
# + return np.array([np.tanh(row[0] + row[1:] @ z) for row in W2])

# %% solution="d-two-layers" mistake="bias-in-another-column" score=0 from="solution"
# - return sigmoid(np.dot(W2, with_one(np.tanh(np.dot(W1, with_one(x))))))
# + z = np.tanh(W1 @ np.append(x, 1))
# + return sigmoid(W2 @ np.append(z, 1))
# %% solution="d-two-layers" mistake="bias-in-another-column" score=0 from="solution"
# - return sigmoid(np.dot(W2, with_one(np.tanh(np.dot(W1, with_one(x))))))
# + z = np.tanh(W1[:, :-1] @ x + W1[:, -1])
# + return sigmoid(W2[:, :-1] @ z + W2[:, -1])

# %% solution="d-two-layers" mistake="bias-forgotten" score=0 from="solution"
# - return sigmoid(np.dot(W2, with_one(np.tanh(np.dot(W1, with_one(x))))))
# + return sigmoid(W2[:, 1:] @ np.tanh(W1[:, 1:] @ x))


# %% solution="d-two-layers" mistake="bias-forgotten" score=0
def two_layers(x, W1, W2):
    z0 = np.insert(x, 0, 0)
    z1 = np.insert(np.tanh(np.dot(W1, z0)), 0, 0)
    return sigmoid(np.dot(W2, z1))


# %% solution="d-three-layers" variant="on-top-of-two"
def three_layers(x, W1, W2, W3):
    z = np.concatenate([[1.0], two_layers(x, W1, W2)])
    return np.einsum("ji,i->j", W3, z)


# %% solution="d-three-layers" variant="float32-step-by-step"
def three_layers(x, *weights):
    z = np.float32(x)
    for h, W in zip((np.tanh, sigmoid, lambda a: a), weights):
        z = h(np.float32(W)[:, 1:] @ z + np.float32(W)[:, 0])
    return z


# %% solution="d-three-layers" mistake="activations-swapped" score=0 from="solution"
# - return np.dot(W3, with_one(sigmoid(np.dot(W2, with_one(np.tanh(np.dot(W1, with_one(x))))))))
# + return W3 @ with_one(np.tanh(W2 @ with_one(sigmoid(W1 @ with_one(x)))))


# %% solution="d-three-layers" mistake="activations-swapped" score=0
def three_layers(x, W1, W2, W3):
    first = 1 / (1 + np.exp(-(W1[:, 0] + W1[:, 1:] @ x)))
    second = np.tanh(W2[:, 0] + W2[:, 1:] @ first)
    return W3[:, 0] + W3[:, 1:] @ second


# %% solution="d-three-layers" mistake="activation-on-the-output" score=0 from="solution"
# - return np.dot(W3, with_one(sigmoid(np.dot(W2, with_one(np.tanh(np.dot(W1, with_one(x))))))))
# + return sigmoid(W3 @ with_one(sigmoid(W2 @ with_one(np.tanh(W1 @ with_one(x))))))


# %% solution="d-three-layers" mistake="activation-on-the-output" score=0
def three_layers(x, W1, W2, W3):
    z = x
    for h, W in zip((np.tanh, sigmoid, np.tanh), (W1, W2, W3)):
        z = h(W[:, 1:].dot(z) + W[:, 0])
    return z


# %% solution="d-three-layers" mistake="activation-missing" score=0 from="solution"
# - return np.dot(W3, with_one(sigmoid(np.dot(W2, with_one(np.tanh(np.dot(W1, with_one(x))))))))
# + return W3 @ with_one(W2 @ with_one(np.tanh(W1 @ with_one(x))))


# %% solution="d-three-layers" mistake="activation-missing" score=0
def three_layers(x, W1, W2, W3):
    z1 = W1[:, 0] + W1[:, 1:].dot(x)
    z2 = sigmoid(W2[:, 0] + W2[:, 1:].dot(z1))
    return W3[:, 0] + W3[:, 1:].dot(z2)


# %% solution="d-network" variant="calls-itself"
def network(x, weights):
    a = weights[0] @ with_one(x)
    return network(np.tanh(a), weights[1:]) if len(weights) > 1 else a


# %% solution="d-network" variant="by-index-in-place"
def network(x, weights, verbose=True):
    L = len(weights)
    for l in range(L):
        W = weights[l]
        a = W[:, 1:] @ x
        a += W[:, 0]
        if verbose:
            print("layer", l + 1, "of", L)
        x = a if l == L - 1 else np.tanh(a, out=a)
    return list(x)


# %% solution="d-network" mistake="activation-on-the-output" score=0
def network(x, weights):
    for W in weights:
        x = np.tanh(W @ with_one(x))
    return x


# %% solution="d-network" mistake="activation-on-the-output" score=0 from="calls-itself"
# - a = weights[0] @ with_one(x)
# - return network(np.tanh(a), weights[1:]) if len(weights) > 1 else a
# + z = np.tanh(weights[0][:, 0] + weights[0][:, 1:].dot(x))
# + return z if len(weights) == 1 else network(z, weights[1:])


# %% solution="d-network" mistake="activation-missing" score=0
def network(x, weights):
    for W in weights:
        x = W @ with_one(x)
    return x


# %% solution="d-network" mistake="activation-missing" score=0
def network(x, weights):
    if not weights:
        return x
    return network(weights[0][:, 1:] @ x + weights[0][:, 0], weights[1:])


# %% solution="d-network" mistake="bias-forgotten" score=0
def network(x, weights):
    for W in weights[:-1]:
        x = np.tanh(W[:, 1:] @ x)
    return weights[-1][:, 1:] @ x


# %% solution="d-network" mistake="bias-forgotten" score=0
def network(x, weights):
    *hidden, last = [np.delete(W, 0, axis=1) for W in weights]
    z = x
    for W in hidden:
        z = np.tanh(np.dot(W, z))
    return np.dot(last, z)


# %% solution="d-collapsed" variant="a-row-that-hands-the-one-on"
def collapsed(weights):
    one = np.eye(weights[0].shape[1])
    for W in weights:
        one = np.vstack([np.eye(1, W.shape[1]), W]) @ one
    return one[1:]


# %% solution="d-collapsed" variant="by-asking-the-layers"
def collapsed(weights):
    def says(x):
        for W in weights:
            x = W[:, 0] + W[:, 1:] @ x
        return x

    D = weights[0].shape[1] - 1
    bias = says(np.zeros(D))
    return np.column_stack([bias, *(says(unit) - bias for unit in np.eye(D))])


# %% solution="d-collapsed" mistake="biases-of-later-layers-lost" score=0 from="solution"
# - one[:, 0] += W[:, 0]


# %% solution="d-collapsed" mistake="biases-of-later-layers-lost" score=0
def collapsed(weights):
    product = np.eye(weights[0].shape[1] - 1)
    for W in weights:
        product = W[:, 1:] @ product
    return np.column_stack([weights[-1][:, 0], product])


# %% solution="d-collapsed" mistake="biases-not-sent-on" score=0
def collapsed(weights):
    W = weights[0][:, 1:]
    b = weights[0][:, 0]
    for layer in weights[1:]:
        W = layer[:, 1:] @ W
        b = b + layer[:, 0]
    return np.hstack([b[:, None], W])


# %% solution="d-collapsed" mistake="biases-not-sent-on" score=0
def collapsed(weights):
    product = weights[0][:, 1:]
    for layer in weights[1:]:
        product = np.dot(layer[:, 1:], product)
    bias = sum(layer[:, 0] for layer in weights)
    return np.insert(product, 0, bias, axis=1)


# %% solution="d-collapsed" mistake="product-in-another-order" score=0 from="solution"
# - one = W[:, 1:] @ one
# - one[:, 0] += W[:, 0]
# + bias = one[:, 0]
# + one = one[:, 1:] @ W
# + one[:, 0] += bias


# %% solution="d-collapsed" mistake="product-in-another-order" score=0
def collapsed(weights):
    W, b = weights[0][:, 1:], weights[0][:, 0]
    for layer in weights[1:]:
        b = b + W.dot(layer[:, 0])
        W = W.dot(layer[:, 1:])
    return np.column_stack([b, W])


# %% [markdown]
# ## E · From likelihood to loss


# %% solution="e-gaussian" variant="densities-in-a-loop"
def negative_log_likelihood(y, t, sigma2):
    return -sum(np.log(density(t_n, y_n, sigma2)) for t_n, y_n in zip(t, y))


# %% solution="e-gaussian" variant="as-in-the-text"
def negative_log_likelihood(y, t, sigma2):
    N, D = y.shape
    E = 0
    for n in range(N):
        E += np.linalg.norm(y[n] - t[n]) ** 2
    return [N * D * np.log(2 * np.pi * sigma2) / 2 + E / 2 / sigma2]


# %% solution="e-gaussian" mistake="dimensions-left-out" score=0 from="solution"
# - return y.size / 2 * np.log(2 * np.pi * sigma2) + np.sum((y - t) ** 2) / (2 * sigma2)
# + N = len(y)
# + return N / 2 * np.log(2 * np.pi * sigma2) + np.sum((y - t) ** 2) / (2 * sigma2)


# %% solution="e-gaussian" mistake="dimensions-left-out" score=0
def negative_log_likelihood(y, t, sigma2):
    loss = 0
    for y_n, t_n in zip(y, t):
        loss += 0.5 * np.log(2 * np.pi * sigma2) + ((y_n - t_n) ** 2).sum() / sigma2 / 2
    return loss


# %% solution="e-gaussian" mistake="samples-left-out" score=0 from="solution"
# - return y.size / 2 * np.log(2 * np.pi * sigma2) + np.sum((y - t) ** 2) / (2 * sigma2)
# + D = y.shape[1]
# + return D / 2 * np.log(2 * np.pi * sigma2) + np.sum((y - t) ** 2) / (2 * sigma2)
# %% solution="e-gaussian" mistake="samples-left-out" score=0 from="solution"
# - return y.size / 2 * np.log(2 * np.pi * sigma2) + np.sum((y - t) ** 2) / (2 * sigma2)
# + root = np.sqrt(2 * np.pi * sigma2) ** len(y[0])
# + return np.log(root) + sum(np.dot(e, e) for e in y - t) / (2 * sigma2)

# %% solution="e-gaussian" mistake="half-left-out" score=0 from="solution"
# - return y.size / 2 * np.log(2 * np.pi * sigma2) + np.sum((y - t) ** 2) / (2 * sigma2)
# + return y.size / 2 * np.log(2 * np.pi * sigma2) + np.sum((y - t) ** 2) / sigma2


# %% solution="e-gaussian" mistake="half-left-out" score=0
def negative_log_likelihood(y, t, sigma2):
    N, D = t.shape
    E = sum(sum((a - b) ** 2) for a, b in zip(y, t))
    return 0.5 * N * D * (np.log(2 * np.pi) + np.log(sigma2)) + E / sigma2


# %% solution="e-gaussian" mistake="terms-of-different-sign" score=0 from="solution"
# - return y.size / 2 * np.log(2 * np.pi * sigma2) + np.sum((y - t) ** 2) / (2 * sigma2)
# + return -y.size / 2 * np.log(2 * np.pi * sigma2) + np.sum((y - t) ** 2) / (2 * sigma2)
# %% solution="e-gaussian" mistake="terms-of-different-sign" score=0 from="solution"
# - return y.size / 2 * np.log(2 * np.pi * sigma2) + np.sum((y - t) ** 2) / (2 * sigma2)
# + N, D = t.shape
# + return N * np.log(np.sqrt(2 * np.pi * sigma2) ** D) - np.square(y - t).sum() / (2 * sigma2)


# %% solution="e-gaussian" mistake="product-before-the-logarithm" score=0.5
def negative_log_likelihood(y, t, sigma2):
    likelihood = 1.0
    for n in range(len(y)):
        likelihood *= density(t[n], y[n], sigma2)
    return -np.log(likelihood)


# %% solution="e-gaussian" mistake="product-before-the-logarithm" score=0.5 from="solution"
# - return y.size / 2 * np.log(2 * np.pi * sigma2) + np.sum((y - t) ** 2) / (2 * sigma2)
# + p = np.exp(-((y - t) ** 2) / (2 * sigma2)) / np.sqrt(2 * np.pi * sigma2)
# + return np.log(1 / np.prod(p))


# %% solution="e-best-variance" variant="sum-over-count"
def best_variance(y, t):
    N, D = np.shape(y)
    E = sum((y[n, d] - t[n, d]) ** 2 for n in range(N) for d in range(D))
    return E / (N * D)


# %% solution="e-best-variance" variant="in-place"
def best_variance(y, t):
    y -= t
    y *= y
    return y.mean(axis=0).mean()


# %% solution="e-best-variance" mistake="dimensions-left-out" score=0 from="solution"
# - return np.mean((y - t) ** 2)
# + return np.sum((y - t) ** 2) / len(y)
# %% solution="e-best-variance" mistake="dimensions-left-out" score=0 from="solution"
# - return np.mean((y - t) ** 2)
# + return np.mean([np.linalg.norm(error) ** 2 for error in t - y])

# %% solution="e-best-variance" mistake="half-too-many" score=0 from="solution"
# - return np.mean((y - t) ** 2)
# + N, D = y.shape
# + return np.sum((y - t) ** 2) / (2 * N * D)
# %% solution="e-best-variance" mistake="half-too-many" score=0 from="solution"
# - return np.mean((y - t) ** 2)
# + return 0.5 * ((t - y) ** 2).mean()

# %% solution="e-best-variance" mistake="standard-deviation-for-variance" score=0 from="solution"
# - return np.mean((y - t) ** 2)
# + return np.sqrt(np.mean((y - t) ** 2))
# %% solution="e-best-variance" mistake="standard-deviation-for-variance" score=0 from="solution"
# - return np.mean((y - t) ** 2)
# + return np.linalg.norm(y - t) / y.size**0.5


# %% solution="e-cross-entropy" variant="pick-what-was-seen"
def cross_entropy(y, t):
    return sum(-np.log(row[k]) for row, k in zip(y, t.argmax(axis=1)))


# %% solution="e-cross-entropy" variant="two-loops"
def cross_entropy(y, t):
    E = 0.0
    for n in range(len(y)):
        for k in range(len(y[n])):
            E -= t[n][k] * np.log(y[n][k])
    return np.array([[E]])


# %% solution="e-cross-entropy" mistake="cross-entropy-without-minus" score=0 from="solution"
# - return -np.sum(t * np.log(y))
# + return np.sum(t * np.log(y))
# %% solution="e-cross-entropy" mistake="cross-entropy-without-minus" score=0 from="solution"
# - return -np.sum(t * np.log(y))
# + return -np.sum(t * np.log(1 / y))

# %% solution="e-cross-entropy" mistake="mean-in-place-of-sum" score=0 from="solution"
# - return -np.sum(t * np.log(y))
# + return -np.mean(np.sum(t * np.log(y), axis=1))
# %% solution="e-cross-entropy" mistake="mean-in-place-of-sum" score=0 from="solution"
# - return -np.sum(t * np.log(y))
# + return -(t * np.log(y)).mean()

# %% solution="e-cross-entropy" mistake="target-left-out" score=0 from="solution"
# - return -np.sum(t * np.log(y))
# + return -np.sum(np.log(y))


# %% solution="e-cross-entropy" mistake="target-left-out" score=0
def cross_entropy(y, t):
    E = 0
    for row in y:
        for p in row:
            E += np.log(1 / p)
    return E


# %% solution="e-subsets" variant="all-subsets"
from itertools import combinations


def average_over_subsets(slopes, B):
    return np.mean([np.sum(chosen, axis=0) for chosen in combinations(slopes, B)], axis=0)


# %% solution="e-subsets" variant="counted"
from math import comb


def average_over_subsets(slopes, B):
    N = len(slopes)
    return comb(N - 1, B - 1) / comb(N, B) * sum(slopes)


# %% solution="e-subsets" mistake="factor-upside-down" score=0 from="solution"
# - return B / len(slopes) * np.sum(slopes, axis=0)
# + return len(slopes) / B * slopes.sum(axis=0)


# %% solution="e-subsets" mistake="factor-upside-down" score=0
def average_over_subsets(slopes, B):
    N, P = slopes.shape
    total = np.zeros(P)
    for row in slopes:
        total += row * N
    return total / B


# %% solution="e-subsets" mistake="factor-left-out" score=0 from="solution"
# - return B / len(slopes) * np.sum(slopes, axis=0)
# + return np.sum(slopes, axis=0)
# %% solution="e-subsets" mistake="factor-left-out" score=0 from="solution"
# - return B / len(slopes) * np.sum(slopes, axis=0)
# + return B / len(slopes) * (len(slopes) / B) * sum(slopes)

# %% solution="e-subsets" mistake="mean-in-place-of-sum" score=0 from="solution"
# - return B / len(slopes) * np.sum(slopes, axis=0)
# + return slopes.mean(axis=0)
# %% solution="e-subsets" mistake="mean-in-place-of-sum" score=0 from="all-subsets"
# - return np.mean([np.sum(chosen, axis=0) for chosen in combinations(slopes, B)], axis=0)
# + return np.mean([np.mean(chosen, axis=0) for chosen in combinations(slopes, B)], axis=0)

# %% [markdown]
# ## F · Back through the layers


# %% solution="f-delta-output" variant="differences-alone"
def delta_output(a, t):
    with np.errstate(over="ignore"):
        return [1 / sum(np.exp(other - own) for other in a) - right for own, right in zip(a, t)]


# %% solution="f-delta-output" variant="jacobian-of-log-softmax"
def delta_output(a, t):
    a -= np.max(a)
    log_y = a - np.log(np.exp(a).sum())
    J = np.eye(len(a)) - np.exp(log_y)  # d log y_k / d a_j
    return -t @ J


# %% solution="f-delta-output" mistake="softmax-derivative-diagonal" score=0
def delta_output(a, t):
    y = np.exp(a - a.max())
    y = y / y.sum()
    return (y - t) * y * (1 - y)


# %% solution="f-delta-output" mistake="softmax-derivative-diagonal" score=0
def delta_output(a, t):
    powers = np.exp(a - max(a))
    y = powers / sum(powers)
    return np.array([-t_j * (1 - y_j) for t_j, y_j in zip(t, y)])


# %% solution="f-delta-output" mistake="softmax-not-shifted" score=0.5
def delta_output(a, t):
    return np.exp(a) / np.sum(np.exp(a)) - t


# %% solution="f-delta-output" mistake="softmax-not-shifted" score=0.5 from="solution"
# - powers = np.exp(a - a.max())
# - return powers / powers.sum() - t
# + powers = [np.exp(one) for one in a]
# + return np.array([power / sum(powers) for power in powers]) - t

# %% solution="f-delta-output" mistake="sign" score=0 from="solution"
# - powers = np.exp(a - a.max())
# - return powers / powers.sum() - t
# + y = np.exp(a - a.max())
# + return t - y / y.sum()


# %% solution="f-delta-output" mistake="sign" score=0
def delta_output(a, t):
    log_y = a - a.max() - np.log(sum(np.exp(a - a.max())))
    delta = np.array(t)
    delta -= np.exp(log_y)
    return delta


# %% solution="f-delta-output" mistake="softmax-left-out" score=0
def delta_output(a, t):
    return a - t


# %% solution="f-delta-output" mistake="softmax-left-out" score=0
def delta_output(a, t):
    return np.array([a_j - t_j for a_j, t_j in zip(a, t)])


# %% solution="f-delta-hidden" variant="sums-as-loops"
def delta_hidden(delta, W, a):
    back = []
    for j in range(len(a)):
        total = sum(delta[k] * W[k][j + 1] for k in range(len(delta)))
        back.append(total / np.cosh(a[j]) ** 2)
    return back


# %% solution="f-delta-hidden" variant="transposed-and-cut"
def delta_hidden(delta, W, a, h=np.tanh):
    back = W.T @ delta
    z = h(a)
    return np.delete(back, 0) * (1 + z) * (1 - z)


# %% solution="f-delta-hidden" mistake="slope-dropped" score=0 from="solution"
# - return np.dot(delta, W[:, 1:]) * (1 - np.tanh(a) ** 2)
# + return W[:, 1:].T @ delta
# %% solution="f-delta-hidden" mistake="slope-dropped" score=0 from="solution"
# - return np.dot(delta, W[:, 1:]) * (1 - np.tanh(a) ** 2)
# + return np.array([sum(d * row[j] for d, row in zip(delta, W)) for j in range(1, len(a) + 1)])

# %% solution="f-delta-hidden" mistake="slope-at-the-activation" score=0 from="solution"
# - return np.dot(delta, W[:, 1:]) * (1 - np.tanh(a) ** 2)
# + return (delta @ W[:, 1:]) * (1 - a**2)
# %% solution="f-delta-hidden" mistake="slope-at-the-activation" score=0 from="solution"
# - return np.dot(delta, W[:, 1:]) * (1 - np.tanh(a) ** 2)
# + z = np.tanh(a)
# + return np.dot(W[:, 1:].T, delta) / np.cosh(z) ** 2

# %% solution="f-delta-hidden" mistake="bias-column-sent-back" score=0 from="solution"
# - return np.dot(delta, W[:, 1:]) * (1 - np.tanh(a) ** 2)
# + return (W.T @ delta) * (1 - np.tanh(a) ** 2)
# %% solution="f-delta-hidden" mistake="bias-column-sent-back" score=0 from="solution"
# - return np.dot(delta, W[:, 1:]) * (1 - np.tanh(a) ** 2)
# + slope = 1 - np.tanh(a) ** 2
# + return np.array([slope[j] * sum(delta * W[:, j]) for j in range(len(a))])

# %% solution="f-delta-hidden" mistake="sum-not-taken" score=0 from="solution"
# - return np.dot(delta, W[:, 1:]) * (1 - np.tanh(a) ** 2)
# + return delta[:, None] * W[:, 1:] * (1 - np.tanh(a) ** 2)
# %% solution="f-delta-hidden" mistake="sum-not-taken" score=0 from="solution"
# - return np.dot(delta, W[:, 1:]) * (1 - np.tanh(a) ** 2)
# + return [[d * w / np.cosh(one) ** 2 for w, one in zip(row[1:], a)] for d, row in zip(delta, W)]

# %% solution="f-delta-hidden" mistake="weights-not-transposed" score=0 from="solution"
# - return np.dot(delta, W[:, 1:]) * (1 - np.tanh(a) ** 2)
# + return (W[:, 1:] @ delta) * (1 - np.tanh(a) ** 2)
# %% solution="f-delta-hidden" mistake="weights-not-transposed" score=0 from="solution"
# - return np.dot(delta, W[:, 1:]) * (1 - np.tanh(a) ** 2)
# + without_biases = np.delete(W, 0, axis=1)
# + return np.dot(delta, without_biases.T) / np.cosh(a) ** 2


# %% solution="f-weight-slopes" variant="two-loops"
def weight_slopes(delta, z):
    slopes = np.zeros((len(delta), len(z) + 1))
    for j, d in enumerate(delta):
        slopes[j, 0] = d
        for i, one in enumerate(z):
            slopes[j, i + 1] = d * one
    return slopes


# %% solution="f-weight-slopes" variant="column-times-row"
def weight_slopes(delta, z):
    return np.hstack([delta[:, None], delta[:, None] @ z[None, :]]).tolist()


# %% solution="f-weight-slopes" mistake="transposed" score=0 from="solution"
# - return np.outer(delta, with_one(z))
# + return np.outer(with_one(z), delta)
# %% solution="f-weight-slopes" mistake="transposed" score=0 from="column-times-row"
# - return np.hstack([delta[:, None], delta[:, None] @ z[None, :]]).tolist()
# + return np.vstack([delta, z[:, None] * delta])

# %% solution="f-weight-slopes" mistake="bias-in-another-column" score=0 from="solution"
# - return np.outer(delta, with_one(z))
# + return np.column_stack([np.outer(delta, z), delta])
# %% solution="f-weight-slopes" mistake="bias-in-another-column" score=0 from="column-times-row"
# - return np.hstack([delta[:, None], delta[:, None] @ z[None, :]]).tolist()
# + return np.array([[d * one for one in [*z, 1]] for d in delta])

# %% solution="f-weight-slopes" mistake="bias-forgotten" score=0 from="solution"
# - return np.outer(delta, with_one(z))
# + return np.outer(delta, z)


# %% solution="f-weight-slopes" mistake="bias-forgotten" score=0
def weight_slopes(delta, z):
    slopes = np.zeros((len(delta), 1 + len(z)))
    slopes[:, 1:] = delta.reshape(-1, 1) * z.reshape(1, -1)
    return slopes


# %% solution="f-delta-regression" variant="loop"
def delta_regression(y, t):
    return [2 * (y_k - t_k) for y_k, t_k in zip(y, t)]


# %% solution="f-delta-regression" variant="in-place"
def delta_regression(y, t):
    y -= t
    y += y
    return y


# %% solution="f-delta-regression" mistake="factor-2-missing" score=0 from="solution"
# - return 2 * (y - t)
# + return y - t


# %% solution="f-delta-regression" mistake="factor-2-missing" score=0
def delta_regression(y, t):
    delta = np.zeros(len(y))
    for k in range(len(y)):
        delta[k] = 2 * 0.5 * (y[k] - t[k])
    return delta


# %% solution="f-delta-regression" mistake="sign" score=0 from="solution"
# - return 2 * (y - t)
# + return 2 * (t - y)
# %% solution="f-delta-regression" mistake="sign" score=0 from="loop"
# - return [2 * (y_k - t_k) for y_k, t_k in zip(y, t)]
# + return np.array([-2 * (y_k - t_k) for y_k, t_k in zip(y, t)])


# %% solution="f-slopes-of-all" variant="one-sample-after-the-other"
def weight_slopes_of_all(delta, z):
    return sum(weight_slopes(delta_n, z_n) for delta_n, z_n in zip(delta, z))


# %% solution="f-slopes-of-all" variant="einsum"
def weight_slopes_of_all(delta, z):
    return np.einsum("nj,ni->ji", delta, np.hstack([np.ones((len(z), 1)), z]))


# %% solution="f-slopes-of-all" mistake="mean-in-place-of-sum" score=0 from="solution"
# - return delta.T @ with_one(z)
# + return delta.T @ with_one(z) / len(z)
# %% solution="f-slopes-of-all" mistake="mean-in-place-of-sum" score=0 from="one-sample-after-the-other"
# - return sum(weight_slopes(delta_n, z_n) for delta_n, z_n in zip(delta, z))
# + return np.mean([np.outer(d, with_one(one)) for d, one in zip(delta, z)], axis=0)

# %% solution="f-slopes-of-all" mistake="summed-before-the-product" score=0 from="solution"
# - return delta.T @ with_one(z)
# + return np.outer(delta.sum(axis=0), with_one(z).sum(axis=0))


# %% solution="f-slopes-of-all" mistake="summed-before-the-product" score=0
def weight_slopes_of_all(delta, z):
    total = 0
    for d in delta:
        for one in z:
            total = total + np.outer(d, np.append(1, one))
    return total


# %% solution="f-slopes-of-all" mistake="one-sample-only" score=0
def weight_slopes_of_all(delta, z):
    for n in range(len(delta)):
        slopes = np.outer(delta[n], with_one(z[n]))
    return slopes


# %% solution="f-slopes-of-all" mistake="one-sample-only" score=0 from="einsum"
# - return np.einsum("nj,ni->ji", delta, np.hstack([np.ones((len(z), 1)), z]))
# + delta_0, z_0 = delta[0], z[0]
# + return np.hstack([delta_0[:, None], delta_0[:, None] * z_0])

# %% solution="f-slopes-of-all" mistake="bias-forgotten" score=0 from="solution"
# - return delta.T @ with_one(z)
# + return delta.T @ z
# %% solution="f-slopes-of-all" mistake="bias-forgotten" score=0 from="einsum"
# - return np.einsum("nj,ni->ji", delta, np.hstack([np.ones((len(z), 1)), z]))
# + return np.einsum("nj,ni->ji", delta, z)


# %% solution="f-slope-of-cost" variant="factor-by-factor"
def slope_of_cost(a, target):
    dC_da = 2 * (a - target) / target.size
    da_dz = a - a**2
    return dC_da * da_dz


# %% solution="f-slope-of-cost" variant="loop-in-float32"
def slope_of_cost(a, target):
    a, target = np.float32(a), np.float32(target)
    return np.array([2 / len(a) * (one - t) * one * (1 - one) for one, t in zip(a, target)], dtype=np.float32)


# %% solution="f-slope-of-cost" mistake="slope-dropped" score=0 from="solution"
# - return 2 / len(a) * (a - target) * a * (1 - a)
# + return 2 / len(a) * (a - target)
# %% solution="f-slope-of-cost" mistake="slope-dropped" score=0 from="solution"
# - return 2 / len(a) * (a - target) * a * (1 - a)
# + return np.array([2 * (one - t) / target.size for one, t in zip(a, target)])

# %% solution="f-slope-of-cost" mistake="slope-at-the-activation" score=0 from="solution"
# - return 2 / len(a) * (a - target) * a * (1 - a)
# + return 2 * (a - target) / len(a) * sigmoid(a) * (1 - sigmoid(a))
# %% solution="f-slope-of-cost" mistake="slope-at-the-activation" score=0 from="solution"
# - return 2 / len(a) * (a - target) * a * (1 - a)
# + da_dz = np.exp(-a) / (1 + np.exp(-a)) ** 2
# + return np.array([2 * (one - t) / len(a) * slope for one, t, slope in zip(a, target, da_dz)])

# %% solution="f-slope-of-cost" mistake="mean-over-outputs-missing" score=0 from="solution"
# - return 2 / len(a) * (a - target) * a * (1 - a)
# + return 2 * (a - target) * a * (1 - a)
# %% solution="f-slope-of-cost" mistake="mean-over-outputs-missing" score=0 from="solution"
# - return 2 / len(a) * (a - target) * a * (1 - a)
# + return np.array([2 * (one - t) * (one - one**2) for one, t in zip(a, target)])


# %% solution="f-first-layer" variant="transposed"
def first_layer_slopes(dC_dz2, W2, a1, x):
    da1_dz1 = a1 * (1 - a1)
    dC_db1 = np.dot(W2.T, dC_dz2) * da1_dz1
    return [dC_db1[:, None] * x[None, :], dC_db1]


# %% solution="f-first-layer" variant="sums-as-loops"
def first_layer_slopes(dC_dz2, W2, a1, x):
    db = []
    for j in range(len(a1)):
        back = 0
        for i in range(len(dC_dz2)):
            back += W2[i, j] * dC_dz2[i]
        db.append(back * a1[j] * (1 - a1[j]))
    return [[d * one for one in x] for d in db], db


# %% solution="f-first-layer" mistake="slope-dropped" score=0 from="solution"
# - dC_dz1 = np.dot(dC_dz2, W2) * a1 * (1 - a1)
# - return np.outer(dC_dz1, x), dC_dz1
# + dC_da1 = W2.T @ dC_dz2
# + return np.outer(dC_da1, x), dC_da1
# %% solution="f-first-layer" mistake="slope-dropped" score=0 from="solution"
# - dC_dz1 = np.dot(dC_dz2, W2) * a1 * (1 - a1)
# - return np.outer(dC_dz1, x), dC_dz1
# + back = np.einsum("i,ij->j", dC_dz2, W2)
# + return back[:, None] * x, back

# %% solution="f-first-layer" mistake="weights-not-transposed" score=0 from="solution"
# - dC_dz1 = np.dot(dC_dz2, W2) * a1 * (1 - a1)
# + dC_dz1 = (W2 @ dC_dz2) * a1 * (1 - a1)


# %% solution="f-first-layer" mistake="weights-not-transposed" score=0
def first_layer_slopes(dC_dz2, W2, a1, x):
    back = dC_dz2.dot(W2.T)
    back = back * (a1 - a1 * a1)
    return back.reshape(-1, 1) @ x.reshape(1, -1), back


# %% solution="f-first-layer" mistake="slope-at-the-activation" score=0 from="solution"
# - dC_dz1 = np.dot(dC_dz2, W2) * a1 * (1 - a1)
# + dC_dz1 = (W2.T @ dC_dz2) * sigmoid(a1) * (1 - sigmoid(a1))
# %% solution="f-first-layer" mistake="slope-at-the-activation" score=0 from="solution"
# - dC_dz1 = np.dot(dC_dz2, W2) * a1 * (1 - a1)
# - return np.outer(dC_dz1, x), dC_dz1
# + dC_db1 = dC_dz2 @ W2 * (np.exp(-a1) / (1 + np.exp(-a1)) ** 2)
# + return dC_db1[:, None] * x[None, :], dC_db1

# %% solution="f-first-layer" mistake="index-shifted" score=0.5 from="solution"
# - dC_dz1 = np.dot(dC_dz2, W2) * a1 * (1 - a1)
# - return np.outer(dC_dz1, x), dC_dz1
# + dC_dz1 = (W2.T @ dC_dz2) * a1 * (1 - a1)
# + return np.outer(dC_dz1, a1), dC_dz1
# %% solution="f-first-layer" mistake="index-shifted" score=0.5 from="solution"
# - dC_dz1 = np.dot(dC_dz2, W2) * a1 * (1 - a1)
# - return np.outer(dC_dz1, x), dC_dz1
# + db = [sum(W2[:, j] * dC_dz2) * a1[j] * (1 - a1[j]) for j in range(len(a1))]
# + return [[d * one for one in a1] for d in db], db


# %% solution="f-first-layer" mistake="index-shifted" score=0
def first_layer_slopes(dC_dz2, W2, a1, x):
    return np.outer(dC_dz2, x), dC_dz2


# %% [markdown]
# ## Mutants that are as right as the solution

# %% solution="e-gaussian" equivalent="a square doesn't mind the sign of an error" from="solution"
# - return y.size / 2 * np.log(2 * np.pi * sigma2) + np.sum((y - t) ** 2) / (2 * sigma2)
# + return y.size / 2 * np.log(2 * np.pi * sigma2) + np.sum((t - y) ** 2) / (2 * sigma2)

# %% solution="e-gaussian" equivalent="outputs and targets are of one shape" from="solution"
# - return y.size / 2 * np.log(2 * np.pi * sigma2) + np.sum((y - t) ** 2) / (2 * sigma2)
# + return t.size / 2 * np.log(2 * np.pi * sigma2) + np.sum((y - t) ** 2) / (2 * sigma2)

# %% solution="e-best-variance" equivalent="a square doesn't mind the sign of an error" from="solution"
# - return np.mean((y - t) ** 2)
# + return np.mean((t - y) ** 2)

# %% solution="f-delta-output" equivalent="powers are divided by their sum, so a sign cancels" from="solution"
# - powers = np.exp(a - a.max())
# + powers = -np.exp(a - a.max())

# %% solution="f-slope-of-cost" equivalent="outputs and targets are of one shape" from="solution"
# - return 2 / len(a) * (a - target) * a * (1 - a)
# + return 2 / len(target) * (a - target) * a * (1 - a)
