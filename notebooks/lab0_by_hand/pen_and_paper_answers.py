# %% [markdown]
# # Known answers to the numbers found by hand
#
# Points: ¼ for each number of part A, 0.4 for each of part B. A number that is right, or rightly made of wrong earlier
# ones, keeps its points; so a wrong one costs its own, whether those after it are right or follow from it.

# %% solution="relu-forward" mistake="inputs-in-another-order" score=0.5 from="more decimals"
# - z = [7, 6, 9]
# + z = [8, 9, 12]

# %% solution="relu-forward" mistake="inputs-in-another-order" score=0.5
z = np.array([8, 9, 12])
y_hat = np.array([8, 9, 12])
L = 69

# %% solution="relu-forward" mistake="input-left-out" score=0.5 from="more decimals"
# - z = [7, 6, 9]
# + z = [5, 5, 7]

# %% solution="relu-forward" mistake="input-left-out" score=0.5
z = np.array([5, 5, 7])
y_hat = np.array([5, 5, 7])
L = 13

# %% solution="relu-forward" mistake="indicator-in-place-of-relu" score=0.5 from="more decimals"
# - y_hat = [7, 6, 9]
# + y_hat = [1, 1, 1]

# %% solution="relu-forward" mistake="indicator-in-place-of-relu" score=0.5
z = np.array([7, 6, 9])
y_hat = np.array([1, 1, 1])
L = 9

# %% solution="relu-forward" mistake="half-left-out" score=0.5 from="more decimals"
# - L = 32.5
# + L = 65
# %% solution="relu-forward" mistake="half-left-out" score=0.5 from="arrays"
#   L = 32.5
# + L = 65  # no: 36 + 4 + 25

# %% solution="relu-forward" mistake="mean-in-place-of-sum" score=0.5 from="more decimals"
# - L = 32.5
# + L = 21.67
# %% solution="relu-forward" mistake="mean-in-place-of-sum" score=0.5 from="arrays"
# - L = 32.5
# + L = 10.8333

# %% solution="relu-forward" mistake="loss-not-squared" score=0.5 from="more decimals"
# - L = 32.5
# + L = 6.5
# %% solution="relu-forward" mistake="loss-not-squared" score=0.5 from="arrays"
# - L = 32.5
# + L = 13

# %% solution="relu-backward" mistake="inputs-in-another-order" score=1 from="more decimals"
# - dL_dW = [[6, 12], [2, 4], [5, 10]]
# + dL_dW = [[12, 6], [4, 2], [10, 5]]
# %% solution="relu-backward" mistake="inputs-in-another-order" score=1 from="arrays"
#   dL_dW = np.array([[6, 12], [2, 4], [5, 10]])
# + dL_dW = np.array([[12, 6], [4, 2], [10, 5]])  # no: from the last weight to the first

# %% solution="relu-backward" mistake="input-left-out" score=1 from="more decimals"
# - dL_dW = [[6, 12], [2, 4], [5, 10]]
# + dL_dW = [[6, 6], [2, 2], [5, 5]]
# %% solution="relu-backward" mistake="input-left-out" score=1 from="arrays"
#   dL_dW = np.array([[6, 12], [2, 4], [5, 10]])
# + dL_dW = np.array([[6, 6], [2, 2], [5, 5]])  # no: both weights of a neuron share its delta

# %% solution="relu-backward" mistake="factor-2-twice" score=1 from="more decimals"
# - dL_dy_hat = [6, 2, 5]
# + dL_dy_hat = [12, 4, 10]

# %% solution="relu-backward" mistake="factor-2-twice" score=1
dL_dy_hat = np.array([12, 4, 10])
dy_hat_dz = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
delta = np.array([12, 4, 10])
dz_dW = np.array([[1, 2, 0, 0, 0, 0], [0, 0, 1, 2, 0, 0], [0, 0, 0, 0, 1, 2]])
dL_dW = np.array([[12, 24], [4, 8], [10, 20]])

# %% solution="relu-backward" mistake="target-left-out" score=1 from="more decimals"
# - dL_dy_hat = [6, 2, 5]
# + dL_dy_hat = [7, 6, 9]

# %% solution="relu-backward" mistake="target-left-out" score=1
dL_dy_hat = np.array([7, 6, 9])
dy_hat_dz = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
delta = np.array([7, 6, 9])
dz_dW = np.array([[1, 2, 0, 0, 0, 0], [0, 0, 1, 2, 0, 0], [0, 0, 0, 0, 1, 2]])
dL_dW = np.array([[7, 14], [6, 12], [9, 18]])

# %% solution="relu-backward" mistake="relu-in-place-of-its-indicator" score=1 from="more decimals"
# - dy_hat_dz = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
# + dy_hat_dz = [[7, 0, 0], [0, 6, 0], [0, 0, 9]]

# %% solution="relu-backward" mistake="relu-in-place-of-its-indicator" score=1
dL_dy_hat = np.array([6, 2, 5])
dy_hat_dz = np.array([[7, 0, 0], [0, 6, 0], [0, 0, 9]])
delta = np.array([42, 12, 45])
dz_dW = np.array([[1, 2, 0, 0, 0, 0], [0, 0, 1, 2, 0, 0], [0, 0, 0, 0, 1, 2]])
dL_dW = np.array([[42, 84], [12, 24], [45, 90]])

# %% solution="relu-backward" mistake="zeros-forgotten" score=1 from="more decimals"
# - dy_hat_dz = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
# + dy_hat_dz = [[1, 1, 1], [1, 1, 1], [1, 1, 1]]
# %% solution="relu-backward" mistake="zeros-forgotten" score=1 from="arrays"
# - dz_dW = np.array([[1, 2, 0, 0, 0, 0], [0, 0, 1, 2, 0, 0], [0, 0, 0, 0, 1, 2]])
# + dz_dW = np.array([[1, 2, 1, 2, 1, 2], [1, 2, 1, 2, 1, 2], [1, 2, 1, 2, 1, 2]])

# %% solution="relu-backward" mistake="blocks-in-another-order" score=1 from="more decimals"
# - dz_dW = [[1, 2, 0, 0, 0, 0], [0, 0, 1, 2, 0, 0], [0, 0, 0, 0, 1, 2]]
# + dz_dW = [[1, 0, 0, 2, 0, 0], [0, 1, 0, 0, 2, 0], [0, 0, 1, 0, 0, 2]]
# %% solution="relu-backward" mistake="blocks-in-another-order" score=1 from="arrays"
# - dz_dW = np.array([[1, 2, 0, 0, 0, 0], [0, 0, 1, 2, 0, 0], [0, 0, 0, 0, 1, 2]])
# + dz_dW = np.array([[0, 0, 0, 0, 1, 2], [0, 0, 1, 2, 0, 0], [1, 2, 0, 0, 0, 0]])

# %% solution="relu-backward" mistake="weights-in-place-of-the-input" score=1 from="more decimals"
# - dz_dW = [[1, 2, 0, 0, 0, 0], [0, 0, 1, 2, 0, 0], [0, 0, 0, 0, 1, 2]]
# + dz_dW = [[3, 2, 0, 0, 0, 0], [0, 0, 4, 1, 0, 0], [0, 0, 0, 0, 5, 2]]
# %% solution="relu-backward" mistake="weights-in-place-of-the-input" score=1 from="arrays"
# - dL_dW = np.array([[6, 12], [2, 4], [5, 10]])
# + dL_dW = np.array([[18, 12], [8, 2], [25, 10]])

# %% solution="relu-backward" mistake="upstream-dropped" score=1 from="more decimals"
# - delta = [6, 2, 5]
# + delta = [1, 1, 1]
# %% solution="relu-backward" mistake="upstream-dropped" score=1 from="arrays"
# - dL_dW = np.array([[6, 12], [2, 4], [5, 10]])
# + dL_dW = np.array([[1, 2], [1, 2], [1, 2]])

# %% solution="relu-backward" mistake="wrong-activation" score=1 from="more decimals"
# - delta = [6, 2, 5]
# + delta = [7, 6, 9]
# %% solution="relu-backward" mistake="wrong-activation" score=1 from="arrays"
# - dL_dW = np.array([[6, 12], [2, 4], [5, 10]])
# + dL_dW = np.array([[7, 14], [6, 12], [9, 18]])

# %% solution="relu-step" mistake="inputs-in-another-order" score=0.75 from="rounded"
# - z_new = [4, 5, 6.5]
# + z_new = [5.6, 8.2, 10]

# %% solution="relu-step" mistake="inputs-in-another-order" score=0.75
W_new = np.array([[2.4, 0.8], [3.8, 0.6], [4.5, 1]])
z_new = np.array([5.6, 8.2, 10])
y_hat_new = np.array([5.6, 8.2, 10])
L_new = 37.4

# %% solution="relu-step" mistake="input-left-out" score=0.75 from="rounded"
# - z_new = [4, 5, 6.5]
# + z_new = [3.2, 4.4, 5.5]

# %% solution="relu-step" mistake="input-left-out" score=0.75
W_new = np.array([[2.4, 0.8], [3.8, 0.6], [4.5, 1]])
z_new = np.array([3.2, 4.4, 5.5])
y_hat_new = np.array([3.2, 4.4, 5.5])
L_new = 3.625

# %% solution="relu-step" mistake="indicator-in-place-of-relu" score=0.75 from="rounded"
# - y_hat_new = [4, 5, 6.5]
# + y_hat_new = [1, 1, 1]
# %% solution="relu-step" mistake="indicator-in-place-of-relu" score=0.75 from="arrays"
# - y_hat_new = np.array([4, 5, 6.5])
# - L_new = 8.12
# + y_hat_new = np.array([1, 1, 1])
# + L_new = 9

# %% solution="relu-step" mistake="half-left-out" score=0.75 from="more decimals"
# - L_new = 8.125
# + L_new = 16.25
# %% solution="relu-step" mistake="half-left-out" score=0.75 from="arrays"
# - L_new = 8.12
# + L_new = 16.25

# %% solution="relu-step" mistake="mean-in-place-of-sum" score=0.75 from="more decimals"
# - L_new = 8.125
# + L_new = 5.42
# %% solution="relu-step" mistake="mean-in-place-of-sum" score=0.75 from="arrays"
# - L_new = 8.12
# + L_new = 2.7083

# %% solution="relu-step" mistake="loss-not-squared" score=0.75 from="more decimals"
# - L_new = 8.125
# + L_new = 3.25
# %% solution="relu-step" mistake="loss-not-squared" score=0.75 from="arrays"
# - L_new = 8.12
# + L_new = 6.5

# %% solution="relu-step" mistake="gradient-ascent" score=0.75 from="rounded"
# - W_new = [[2.4, 0.8], [3.8, 0.6], [4.5, 1]]
# + W_new = [[3.6, 3.2], [4.2, 1.4], [5.5, 3]]
# %% solution="relu-step" mistake="gradient-ascent" score=0.75 from="arrays"
# - W_new = np.array([[2.4, 0.8], [3.8, 0.6], [4.5, 1]])
# + W_new = np.array([[3.6, 3.2], [4.2, 1.4], [5.5, 3]])
# - L_new = 8.12
# + L_new = 8.125

# %% solution="relu-step" mistake="learning-rate-left-out" score=0.75 from="rounded"
# - W_new = [[2.4, 0.8], [3.8, 0.6], [4.5, 1]]
# + W_new = [[-3, -10], [2, -3], [0, -8]]
# %% solution="relu-step" mistake="learning-rate-left-out" score=0.75 from="arrays"
# - W_new = np.array([[2.4, 0.8], [3.8, 0.6], [4.5, 1]])
# + W_new = np.array([[-3, -10], [2, -3], [0, -8]])
# - L_new = 8.12
# + L_new = 8.125

# %% solution="relu-step" mistake="step-in-place-of-parameters" score=0.75 from="rounded"
# - W_new = [[2.4, 0.8], [3.8, 0.6], [4.5, 1]]
# + W_new = [[0.6, 1.2], [0.2, 0.4], [0.5, 1]]
# %% solution="relu-step" mistake="step-in-place-of-parameters" score=0.75 from="arrays"
# - W_new = np.array([[2.4, 0.8], [3.8, 0.6], [4.5, 1]])
# + W_new = np.array([[-0.6, -1.2], [-0.2, -0.4], [-0.5, -1]])
# - L_new = 8.12
# + L_new = 8.125

# %% solution="relu-step" mistake="not-moved" score=0.75 from="rounded"
# - W_new = [[2.4, 0.8], [3.8, 0.6], [4.5, 1]]
# + W_new = [[3, 2], [4, 1], [5, 2]]

# %% solution="relu-step" mistake="not-moved" score=0.75
W_new = np.array([[2.4, 0.8], [3.8, 0.6], [4.5, 1]])
z_new = np.array([7, 6, 9])
y_hat_new = np.array([7, 6, 9])
L_new = 32.5

# %% solution="relu-step" mistake="not-moved" score=0.75 from="rounded"
# - y_hat_new = [4, 5, 6.5]
# + y_hat_new = [7, 6, 9]
# %% solution="relu-step" mistake="not-moved" score=0.75 from="arrays"
# - L_new = 8.12
# + L_new = 32.5

# %% solution="tanh-forward" mistake="bias-forgotten" score=1.2 from="two-decimals"
# - a = [0.3, 0.24]
# + a = [0.2, 0.04]

# %% solution="tanh-forward" mistake="bias-forgotten" score=1.2
a = np.array([0.3, 0.24])
z = np.array([0.2913, 0.2355])
y = np.array([0.0155])
loss = 0.2347

# %% solution="tanh-forward" mistake="sign-of-the-bias" score=1.2 from="two-decimals"
# - a = [0.3, 0.24]
# + a = [0.1, -0.16]

# %% solution="tanh-forward" mistake="sign-of-the-bias" score=1.2
a = np.array([0.3, 0.24])
z = np.array([0.2913, 0.2355])
y = np.array([-0.2845])
loss = 0.6154

# %% solution="tanh-forward" mistake="minus-lost" score=1.2 from="two-decimals"
# - a = [0.3, 0.24]
# + a = [0.2, 0.36]

# %% solution="tanh-forward" mistake="minus-lost" score=1.2
a = np.array([0.2, 0.36])
z = np.array([0.1974, 0.3452])
y = np.array([0.162])
loss = 0.1142

# %% solution="tanh-forward" mistake="minus-lost" score=1.2 from="two-decimals"
# - a = [0.3, 0.24]
# + a = [0.3, 0.48]

# %% solution="tanh-forward" mistake="minus-lost" score=1.2
a = np.array([0.3, 0.24])
z = np.array([0.2913, 0.2355])
y = np.array([0.6923])
loss = 0.037

# %% solution="tanh-forward" mistake="activation-missing" score=1.2 from="two-decimals"
# - z = [0.29, 0.24]
# + z = [0.3, 0.24]

# %% solution="tanh-forward" mistake="activation-missing" score=1.2
a = np.array([0.3, 0.24])
z = np.array([0.3, 0.24])
y = np.array([0.318])
loss = 0.0331

# %% solution="tanh-forward" mistake="another-activation" score=1.2 from="two-decimals"
# - z = [0.29, 0.24]
# + z = [0.57, 0.56]

# %% solution="tanh-forward" mistake="another-activation" score=1.2
a = np.array([0.3, 0.24])
z = np.array([0.3093, 0.2447])
y = np.array([0.3208])
loss = 0.0321

# %% solution="tanh-forward" mistake="loss-not-squared" score=1.2 from="two-decimals"
# - loss = 0.03
# + loss = [0.18]

# %% solution="tanh-forward" mistake="loss-not-squared" score=1.2
a = np.array([0.3, 0.24])
z = np.array([0.2913, 0.2355])
y = np.array([0.3155])
loss = np.array([-0.1845])

# %% solution="tanh-forward" mistake="factor-2-missing" score=1.2 from="two-decimals"
# - loss = 0.03
# + loss = [0.02]

# %% solution="tanh-forward" mistake="factor-2-missing" score=1.2
a = np.array([0.3, 0.24])
z = np.array([0.2913, 0.2355])
y = np.array([0.3155])
loss = np.array([0.017])

# %% solution="tanh-output-slopes" mistake="factor-2-missing" score=0.8 from="two-decimals"
# - dL_dy = [-0.37]
# + dL_dy = [-0.18]

# %% solution="tanh-output-slopes" mistake="factor-2-missing" score=0.8
dL_dy = np.array([0.1845])
dL_dW2 = np.array([[0.0537, 0.0434]])
dL_db2 = np.array([0.1845])

# %% solution="tanh-output-slopes" mistake="square-not-differentiated" score=0.8 from="two-decimals"
# - dL_dy = [-0.37]
# + dL_dy = [0.03]

# %% solution="tanh-output-slopes" mistake="square-not-differentiated" score=0.8
dL_dy = np.array([0.0681])
dL_dW2 = np.array([[0.0198, 0.016]])
dL_db2 = np.array([0.0681])

# %% solution="tanh-output-slopes" mistake="target-left-out" score=0.8 from="two-decimals"
# - dL_dy = [-0.37]
# + dL_dy = [0.63]

# %% solution="tanh-output-slopes" mistake="target-left-out" score=0.8
dL_dy = np.array([0.631])
dL_dW2 = np.array([[0.1838, 0.1486]])
dL_db2 = np.array([0.631])

# %% solution="tanh-output-slopes" mistake="upstream-dropped" score=0.8 from="two-decimals"
# - dL_dW2 = [[-0.11, -0.09]]
# + dL_dW2 = [[0.29, 0.24]]

# %% solution="tanh-output-slopes" mistake="upstream-dropped" score=0.8
dL_dy = np.array([-0.369])
dL_dW2 = np.array([[-0.1075, -0.0869]])
dL_db2 = np.array([1])

# %% solution="tanh-output-slopes" mistake="upstream-twice" score=0.8 from="two-decimals"
# - dL_dW2 = [[-0.11, -0.09]]
# + dL_dW2 = [[0.04, 0.03]]

# %% solution="tanh-output-slopes" mistake="upstream-twice" score=0.8
dL_dy = np.array([-0.369])
dL_dW2 = np.array([[-0.1075, -0.0869]])
dL_db2 = np.array([0.1361])

# %% solution="tanh-output-slopes" mistake="weights-in-place-of-the-input" score=0.8 from="two-decimals"
# - dL_dW2 = [[-0.11, -0.09]]
# + dL_dW2 = [[-0.26, 0.3]]

# %% solution="tanh-output-slopes" mistake="weights-in-place-of-the-input" score=0.8
dL_dy = np.array([-0.369])
dL_dW2 = np.array([[-0.2583, 0.2952]])
dL_db2 = np.array([-0.369])

# %% solution="tanh-output-slopes" mistake="bias-slope-times-bias" score=0.8 from="two-decimals"
# - dL_db2 = [-0.37]
# + dL_db2 = [-0.11]

# %% solution="tanh-output-slopes" mistake="bias-slope-times-bias" score=0.8
dL_dy = np.array([-0.369])
dL_dW2 = np.array([[-0.1075, -0.0869]])
dL_db2 = np.array([-0.1107])

# %% solution="tanh-output-slopes" mistake="bias-times-input" score=0.8 from="two-decimals"
# - dL_db2 = [-0.37]
# + dL_db2 = [-0.09]

# %% solution="tanh-output-slopes" mistake="bias-times-input" score=0.8
dL_dy = np.array([-0.369])
dL_dW2 = np.array([[-0.1075, -0.0869]])
dL_db2 = np.array([-0.1944])

# %% solution="tanh-hidden-slopes" mistake="minus-lost" score=1.2 from="two-decimals"
# - dL_dz = [-0.26, 0.3]
# + dL_dz = [-0.26, -0.3]

# %% solution="tanh-hidden-slopes" mistake="minus-lost" score=1.2
dL_dz = np.array([-0.2583, -0.2952])
dL_da = np.array([-0.2364, -0.2788])
dL_dW1 = np.array([[-0.0709, -0.0945, 0.0236], [-0.0836, -0.1115, 0.0279]])
dL_db1 = np.array([-0.2364, -0.2788])

# %% solution="tanh-hidden-slopes" mistake="upstream-dropped" score=1.2 from="two-decimals"
# - dL_dz = [-0.26, 0.3]
# + dL_dz = [0.7, -0.8]

# %% solution="tanh-hidden-slopes" mistake="upstream-dropped" score=1.2
dL_dz = np.array([-0.2583, 0.2952])
dL_da = np.array([0.9151, 0.9445])
dL_dW1 = np.array([[0.2745, 0.3661, -0.0915], [0.2834, 0.3778, -0.0945]])
dL_db1 = np.array([0.9151, 0.9445])

# %% solution="tanh-hidden-slopes" mistake="upstream-dropped" score=1.2 from="from rounded numbers"
# - dL_dW1 = [[-0.07, -0.1, 0.02], [0.08, 0.11, -0.03]]
# + dL_dW1 = [[0.3, 0.4, -0.1], [0.3, 0.4, -0.1]]

# %% solution="tanh-hidden-slopes" mistake="upstream-dropped" score=1.2
dL_dz = np.array([-0.2583, 0.2952])
dL_da = np.array([-0.2364, 0.2788])
dL_dW1 = np.array([[-0.0709, -0.0945, 0.0236], [0.0836, 0.1115, -0.0279]])
dL_db1 = np.array([1, 1])

# %% solution="tanh-hidden-slopes" mistake="upstream-twice" score=1.2 from="two-decimals"
# - dL_dz = [-0.26, 0.3]
# + dL_dz = [0.1, -0.11]

# %% solution="tanh-hidden-slopes" mistake="upstream-twice" score=1.2
dL_dz = np.array([0.0953, -0.1089])
dL_da = np.array([0.0872, -0.1029])
dL_dW1 = np.array([[0.0262, 0.0349, -0.0087], [-0.0309, -0.0411, 0.0103]])
dL_db1 = np.array([0.0872, -0.1029])

# %% solution="tanh-hidden-slopes" mistake="weights-in-place-of-the-input" score=1.2 from="from rounded numbers"
# - dL_dW1 = [[-0.07, -0.1, 0.02], [0.08, 0.11, -0.03]]
# + dL_dW1 = [[-0.02, -0.07, 0.12], [-0.06, 0.11, 0.17]]

# %% solution="tanh-hidden-slopes" mistake="weights-in-place-of-the-input" score=1.2
dL_dz = np.array([-0.2583, 0.2952])
dL_da = np.array([-0.2364, 0.2788])
dL_dW1 = np.array([[-0.0236, -0.0709, 0.1182], [-0.0558, 0.1115, 0.1673]])
dL_db1 = np.array([-0.2364, 0.2788])

# %% solution="tanh-hidden-slopes" mistake="bias-slope-times-bias" score=1.2 from="two-decimals"
# - dL_db1 = [-0.24, 0.28]
# + dL_db1 = [-0.02, 0.06]

# %% solution="tanh-hidden-slopes" mistake="bias-slope-times-bias" score=1.2
dL_dz = np.array([-0.2583, 0.2952])
dL_da = np.array([-0.2364, 0.2788])
dL_dW1 = np.array([[-0.0709, -0.0945, 0.0236], [0.0836, 0.1115, -0.0279]])
dL_db1 = np.array([-0.0236, 0.0558])

# %% solution="tanh-hidden-slopes" mistake="bias-times-input" score=1.2 from="two-decimals"
# - dL_db1 = [-0.24, 0.28]
# + dL_db1 = [-0.07, 0.08]

# %% solution="tanh-hidden-slopes" mistake="bias-times-input" score=1.2
dL_dz = np.array([-0.2583, 0.2952])
dL_da = np.array([-0.2364, 0.2788])
dL_dW1 = np.array([[-0.0709, -0.0945, 0.0236], [0.0836, 0.1115, -0.0279]])
dL_db1 = np.array([-0.1418, 0.1673])

# %% solution="tanh-hidden-slopes" mistake="weights-forgotten" score=1.2 from="two-decimals"
# - dL_dz = [-0.26, 0.3]
# + dL_dz = [-0.37, -0.37]

# %% solution="tanh-hidden-slopes" mistake="weights-forgotten" score=1.2
dL_dz = np.array([-0.369, -0.369])
dL_da = np.array([-0.3376, -0.3485])
dL_dW1 = np.array([[-0.1013, -0.1351, 0.0338], [-0.1045, -0.1394, 0.0348]])
dL_db1 = np.array([-0.3376, -0.3485])

# %% solution="tanh-hidden-slopes" mistake="activation-for-weight" score=1.2 from="two-decimals"
# - dL_dz = [-0.26, 0.3]
# + dL_dz = [-0.11, -0.09]

# %% solution="tanh-hidden-slopes" mistake="activation-for-weight" score=1.2
dL_dz = np.array([-0.1075, -0.0869])
dL_da = np.array([-0.0984, -0.0821])
dL_dW1 = np.array([[-0.0295, -0.0393, 0.0098], [-0.0246, -0.0328, 0.0082]])
dL_db1 = np.array([-0.0984, -0.0821])

# %% solution="tanh-hidden-slopes" mistake="slope-dropped" score=1.2 from="two-decimals"
# - dL_da = [-0.24, 0.28]
# + dL_da = [-0.26, 0.3]

# %% solution="tanh-hidden-slopes" mistake="slope-dropped" score=1.2
dL_dz = np.array([-0.2583, 0.2952])
dL_da = np.array([-0.2583, 0.2952])
dL_dW1 = np.array([[-0.0775, -0.1033, 0.0258], [0.0885, 0.1181, -0.0295]])
dL_db1 = np.array([-0.2583, 0.2952])

# %% solution="tanh-hidden-slopes" mistake="slope-not-squared" score=1.2 from="two-decimals"
# - dL_da = [-0.24, 0.28]
# + dL_da = [-0.18, 0.23]

# %% solution="tanh-hidden-slopes" mistake="slope-not-squared" score=1.2
dL_dz = np.array([-0.2583, 0.2952])
dL_da = np.array([-0.183, 0.2257])
dL_dW1 = np.array([[-0.0549, -0.0732, 0.0183], [0.0677, 0.0903, -0.0226]])
dL_db1 = np.array([-0.183, 0.2257])

# %% solution="tanh-hidden-slopes" mistake="slope-is-the-function-itself" score=1.2 from="two-decimals"
# - dL_da = [-0.24, 0.28]
# + dL_da = [-0.08, 0.07]

# %% solution="tanh-hidden-slopes" mistake="slope-is-the-function-itself" score=1.2
dL_dz = np.array([-0.2583, 0.2952])
dL_da = np.array([-0.0752, 0.0695])
dL_dW1 = np.array([[-0.0226, -0.0301, 0.0075], [0.0209, 0.0278, -0.007]])
dL_db1 = np.array([-0.0752, 0.0695])

# %% solution="tanh-hidden-slopes" mistake="gradient-of-the-activation" score=1.2 from="from rounded numbers"
# - dL_dW1 = [[-0.07, -0.1, 0.02], [0.08, 0.11, -0.03]]
# + dL_dW1 = [[-0.08, -0.1, 0.03], [0.09, 0.12, -0.03]]

# %% solution="tanh-hidden-slopes" mistake="gradient-of-the-activation" score=1.2
dL_dz = np.array([-0.2583, 0.2952])
dL_da = np.array([-0.2364, 0.2788])
dL_dW1 = np.array([[-0.0709, -0.0945, 0.0236], [0.0836, 0.1115, -0.0279]])
dL_db1 = np.array([-0.2583, 0.2952])

# %% solution="tanh-update" mistake="gradient-ascent" score=1.2 from="two-decimals"
# - W2_updated = [[0.75, -0.76]]
# + W2_updated = [[0.65, -0.84]]
# %% solution="tanh-update" mistake="gradient-ascent" score=1.2 from="arrays-of-four-decimals"
# - b2_updated = np.array([0.4845])
# + b2_updated = np.array([0.1155])
# %% solution="tanh-update" mistake="gradient-ascent" score=1.2 from="two-decimals"
# - W1_updated = [[0.14, 0.35, -0.51], [-0.24, 0.34, 0.61]]
# + W1_updated = [[0.06, 0.25, -0.49], [-0.16, 0.46, 0.59]]
# %% solution="tanh-update" mistake="gradient-ascent" score=1.2 from="arrays-of-four-decimals"
# - b1_updated = np.array([0.2182, 0.0606])
# + b1_updated = np.array([-0.0182, 0.3394])

# %% solution="tanh-update" mistake="learning-rate-left-out" score=1.2 from="two-decimals"
# - W2_updated = [[0.75, -0.76]]
# + W2_updated = [[0.81, -0.71]]
# %% solution="tanh-update" mistake="learning-rate-left-out" score=1.2 from="arrays-of-four-decimals"
# - b2_updated = np.array([0.4845])
# + b2_updated = np.array([0.669])
# %% solution="tanh-update" mistake="learning-rate-left-out" score=1.2 from="two-decimals"
# - W1_updated = [[0.14, 0.35, -0.51], [-0.24, 0.34, 0.61]]
# + W1_updated = [[0.17, 0.39, -0.52], [-0.28, 0.29, 0.63]]
# %% solution="tanh-update" mistake="learning-rate-left-out" score=1.2 from="arrays-of-four-decimals"
# - b1_updated = np.array([0.2182, 0.0606])
# + b1_updated = np.array([0.3364, -0.0788])

# %% solution="tanh-update" mistake="step-in-place-of-parameters" score=1.2 from="two-decimals"
# - W2_updated = [[0.75, -0.76]]
# + W2_updated = [[-0.05, -0.04]]
# %% solution="tanh-update" mistake="step-in-place-of-parameters" score=1.2 from="arrays-of-four-decimals"
# - W2_updated = np.array([[0.7537, -0.7566]])
# + W2_updated = np.array([[0.0537, 0.0434]])
# %% solution="tanh-update" mistake="step-in-place-of-parameters" score=1.2 from="two-decimals"
# - b2_updated = [0.48]
# + b2_updated = [-0.18]
# %% solution="tanh-update" mistake="step-in-place-of-parameters" score=1.2 from="arrays-of-four-decimals"
# - b2_updated = np.array([0.4845])
# + b2_updated = np.array([0.1845])
# %% solution="tanh-update" mistake="step-in-place-of-parameters" score=1.2 from="two-decimals"
# - W1_updated = [[0.14, 0.35, -0.51], [-0.24, 0.34, 0.61]]
# + W1_updated = [[-0.04, -0.05, 0.01], [0.04, 0.06, -0.01]]
# %% solution="tanh-update" mistake="step-in-place-of-parameters" score=1.2 from="arrays-of-four-decimals"
# - W1_updated = np.array([[0.1355, 0.3473, -0.5118], [-0.2418, 0.3442, 0.6139]])
# + W1_updated = np.array([[0.0355, 0.0473, -0.0118], [-0.0418, -0.0558, 0.0139]])
# %% solution="tanh-update" mistake="step-in-place-of-parameters" score=1.2 from="two-decimals"
# - b1_updated = [0.22, 0.06]
# + b1_updated = [-0.12, 0.14]
# %% solution="tanh-update" mistake="step-in-place-of-parameters" score=1.2 from="arrays-of-four-decimals"
# - b1_updated = np.array([0.2182, 0.0606])
# + b1_updated = np.array([0.1182, -0.1394])

# %% solution="tanh-update" mistake="multiplied-by-the-gradient" score=1.2 from="two-decimals"
# - W2_updated = [[0.75, -0.76]]
# + W2_updated = [[-0.04, 0.03]]
# %% solution="tanh-update" mistake="multiplied-by-the-gradient" score=1.2 from="arrays-of-four-decimals"
# - b2_updated = np.array([0.4845])
# + b2_updated = np.array([-0.0553])
# %% solution="tanh-update" mistake="multiplied-by-the-gradient" score=1.2 from="two-decimals"
# - W1_updated = [[0.14, 0.35, -0.51], [-0.24, 0.34, 0.61]]
# + W1_updated = [[0, -0.01, -0.01], [-0.01, 0.02, -0.01]]
# %% solution="tanh-update" mistake="multiplied-by-the-gradient" score=1.2 from="arrays-of-four-decimals"
# - b1_updated = np.array([0.2182, 0.0606])
# + b1_updated = np.array([-0.0118, 0.0279])

# %% solution="tanh-update" mistake="not-moved" score=1.2 from="two-decimals"
# - W2_updated = [[0.75, -0.76]]
# + W2_updated = [[0.7, -0.8]]
# %% solution="tanh-update" mistake="not-moved" score=1.2 from="arrays-of-four-decimals"
# - b2_updated = np.array([0.4845])
# + b2_updated = np.array([0.3])
# %% solution="tanh-update" mistake="not-moved" score=1.2 from="two-decimals"
# - W1_updated = [[0.14, 0.35, -0.51], [-0.24, 0.34, 0.61]]
# + W1_updated = [[0.1, 0.3, -0.5], [-0.2, 0.4, 0.6]]
# %% solution="tanh-update" mistake="not-moved" score=1.2 from="arrays-of-four-decimals"
# - b1_updated = np.array([0.2182, 0.0606])
# + b1_updated = np.array([0.1, 0.2])

# %% solution="relu-forward" mistake="not-filled-in" score=0.5 from="more decimals"
# - L = 32.5
# + L = None

# %% solution="relu-forward" mistake="not-filled-in" score=0.25
z = [7, None, 9]
y_hat = [None, None, None]
L = 32.5

# %% solution="relu-forward" mistake="mistyped" score=0.5 from="more decimals"
# - L = 32.5
# + L = "32.5"
# %% solution="relu-forward" mistake="mistyped" score=0.5 from="more decimals"
# - L = 32.5
# + L = 32, 5

# %% solution="relu-forward" mistake="computed-here" score=0.5 from="more decimals"
# - L = 32.5
# + L = 65 / 2

# %% solution="relu-forward" mistake="computed-here" score=0.25
z = [1 * 3 + 2 * 2, 6, 9]
y_hat = z
L = 32.5

# %% solution="relu-forward" mistake="wrong-brackets" score=0.5 from="more decimals"
# - z = [7, 6, 9]
# + z = [[7, 6, 9]]
# %% solution="relu-forward" mistake="wrong-brackets" score=0.5 from="more decimals"
# - y_hat = [7, 6, 9]
# + y_hat = [7, 6]

# %% solution="relu-forward" mistake="slip-in-one-number" score=0.5 from="more decimals"
# - z = [7, 6, 9]
# + z = [7, 6, 8]

# %% solution="relu-forward" mistake="slip-in-one-number" score=0.5
z = [7, 6, 9]
y_hat = [7, 5, 9]
L = 31

# %% solution="relu-forward" mistake="decimal-point" score=0.5 from="more decimals"
# - L = 32.5
# + L = 3.25
# %% solution="relu-forward" mistake="decimal-point" score=0.5 from="more decimals"
# - L = 32.5
# + L = 325.0

# %% solution="relu-forward" mistake="digits-swapped" score=0.5 from="more decimals"
# - L = 32.5
# + L = 23.5
# %% solution="relu-forward" mistake="digits-swapped" score=0.5 from="more decimals"
# - L = 32.5
# + L = 35.2

# %% solution="relu-forward" mistake="zeros" score=0.5 from="more decimals"
# - L = 32.5
# + L = 0
# %% solution="relu-forward" mistake="zeros" score=0.5 from="more decimals"
# - z = [7, 6, 9]
# + z = [0.0, 0.0, 0.0]

# %% solution="relu-backward" mistake="sign" score=1 from="more decimals"
# - dL_dy_hat = [6, 2, 5]
# + dL_dy_hat = [-6, -2, -5]

# %% solution="relu-backward" mistake="sign" score=1
dL_dy_hat = [-6, -2, -5]
dy_hat_dz = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
delta = [-6, -2, -5]
dz_dW = [[1, 2, 0, 0, 0, 0], [0, 0, 1, 2, 0, 0], [0, 0, 0, 0, 1, 2]]
dL_dW = [[-6, -12], [-2, -4], [-5, -10]]

# %% solution="relu-backward" mistake="wrong-brackets" score=1 from="more decimals"
# - dy_hat_dz = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
# + dy_hat_dz = [1, 1, 1]
# %% solution="relu-backward" mistake="wrong-brackets" score=1 from="more decimals"
# - dL_dW = [[6, 12], [2, 4], [5, 10]]
# + dL_dW = [[6, 2, 5], [12, 4, 10]]
# %% solution="relu-backward" mistake="wrong-brackets" score=1 from="more decimals"
# - dz_dW = [[1, 2, 0, 0, 0, 0], [0, 0, 1, 2, 0, 0], [0, 0, 0, 0, 1, 2]]
# + dz_dW = [[1, 2], [1, 2], [1, 2]]

# %% solution="relu-backward" mistake="slip-in-one-number" score=1 from="more decimals"
# - dL_dW = [[6, 12], [2, 4], [5, 10]]
# + dL_dW = [[6, 12], [2, 4], [5, 11]]

# %% solution="relu-backward" mistake="slip-in-one-number" score=1
dL_dy_hat = [6, 2, 6]
dy_hat_dz = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
delta = [6, 2, 6]
dz_dW = [[1, 2, 0, 0, 0, 0], [0, 0, 1, 2, 0, 0], [0, 0, 0, 0, 1, 2]]
dL_dW = [[6, 12], [2, 4], [6, 12]]

# %% solution="relu-backward" mistake="not-filled-in" score=1 from="more decimals"
# - dz_dW = [[1, 2, 0, 0, 0, 0], [0, 0, 1, 2, 0, 0], [0, 0, 0, 0, 1, 2]]
# + dz_dW = [[1, 2, None, None, None, None], [None, None, 1, 2, None, None], [None, None, None, None, 1, 2]]
# %% solution="relu-backward" mistake="not-filled-in" score=1 from="more decimals"
# - delta = [6, 2, 5]
# + delta = [None, None, None]

# %% solution="relu-backward" mistake="computed-here" score=1 from="more decimals"
# - dy_hat_dz = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
# + dy_hat_dz = np.eye(3)
# %% solution="relu-backward" mistake="computed-here" score=1 from="more decimals"
# - dL_dW = [[6, 12], [2, 4], [5, 10]]
# + dL_dW = np.outer(delta, [1, 2])

# %% solution="relu-step" mistake="slip-in-one-number" score=0.75 from="rounded"
# - W_new = [[2.4, 0.8], [3.8, 0.6], [4.5, 1]]
# + W_new = [[2.4, 0.8], [3.8, 0.8], [4.5, 1.0]]

# %% solution="relu-step" mistake="slip-in-one-number" score=0.75
W_new = [[2.4, 1.8], [3.8, 0.6], [4.5, 1.0]]
z_new = [6, 5, 6.5]
y_hat_new = [6, 5, 6.5]
L_new = 16.125

# %% solution="relu-step" mistake="computed-here" score=0.75 from="more decimals"
# - L_new = 8.125
# + L_new = (9 + 1 + 6.25) / 2
# %% solution="relu-step" mistake="computed-here" score=0.75 from="rounded"
# - W_new = [[2.4, 0.8], [3.8, 0.6], [4.5, 1]]
# + W_new = np.array([[3, 2], [4, 1], [5, 2]]) - 0.1 * np.array(dL_dW)

# %% solution="relu-step" mistake="decimal-point" score=0.75 from="more decimals"
# - L_new = 8.125
# + L_new = 81.25
# %% solution="relu-step" mistake="decimal-point" score=0.75 from="rounded"
# - W_new = [[2.4, 0.8], [3.8, 0.6], [4.5, 1]]
# + W_new = [[24, 8], [38, 6], [45, 10]]

# %% solution="relu-step" mistake="too-coarse" score=0.75 from="more decimals"
# - L_new = 8.125
# + L_new = 8.1
# %% solution="relu-step" mistake="too-coarse" score=0.75 from="rounded"
# - W_new = [[2.4, 0.8], [3.8, 0.6], [4.5, 1]]
# + W_new = [[2, 1], [4, 1], [4, 1]]

# %% solution="relu-step" mistake="digits-swapped" score=0.75 from="rounded"
# - W_new = [[2.4, 0.8], [3.8, 0.6], [4.5, 1]]
# + W_new = [[2.4, 0.8], [8.3, 0.6], [5.4, 1.0]]
# %% solution="relu-step" mistake="digits-swapped" score=0.75 from="more decimals"
# - L_new = 8.125
# + L_new = 1.82

# %% solution="relu-step" mistake="not-filled-in" score=0.75 from="more decimals"
# - L_new = 8.125
# + L_new = None
# %% solution="relu-step" mistake="not-filled-in" score=0.5 from="rounded"
# - z_new = [4, 5, 6.5]
# - y_hat_new = [4, 5, 6.5]
# + z_new = [None, None, None]
# + y_hat_new = [4, None, 6.5]

# %% solution="relu-step" mistake="mistyped" score=0.75 from="more decimals"
# - L_new = 8.125
# + L_new = 8, 125
# %% solution="relu-step" mistake="mistyped" score=0.75 from="rounded"
# - z_new = [4, 5, 6.5]
# + z_new = ["4", "5", "6,5"]

# %% solution="tanh-forward" mistake="sign" score=1.2 from="two-decimals"
# - y = [0.32]
# + y = [-0.32]
# %% solution="tanh-forward" mistake="sign" score=1.2 from="two-decimals"
# - a = [0.3, 0.24]
# + a = [-0.3, 0.24]

# %% solution="tanh-forward" mistake="decimal-point" score=1.2 from="two-decimals"
# - z = [0.29, 0.24]
# + z = [0.03, 0.02]
# %% solution="tanh-forward" mistake="decimal-point" score=1.2 from="two-decimals"
# - loss = 0.03
# + loss = 0.34

# %% solution="tanh-forward" mistake="digits-swapped" score=1.2 from="two-decimals"
# - a = [0.3, 0.24]
# + a = [0.3, 0.42]
# %% solution="tanh-forward" mistake="digits-swapped" score=1.2 from="a bare number, and a list of one"
# - y = 0.32
# - loss = [0.03]
# + y = [0.23]
# + loss = 0.07

# %% solution="tanh-forward" mistake="too-coarse" score=1.2 from="a bare number, and a list of one"
# - y = 0.32
# - loss = [0.03]
# + y = [0.3]
# + loss = 0.04

# %% solution="tanh-forward" mistake="too-coarse" score=1.2
a = [0.3, 0.24]
z = [0.3, 0.2]
y = [0.35]
loss = 0.02

# %% solution="tanh-forward" mistake="cut-off" score=1.2 from="two-decimals"
# - z = [0.29, 0.24]
# + z = [0.29, 0.23]
# %% solution="tanh-forward" mistake="cut-off" score=1.2 from="more decimals"
# - y = [0.3155]
# - loss = 0.034
# + y = [0.31]
# + loss = 0.03

# %% solution="tanh-forward" mistake="slip-in-one-number" score=1.2 from="two-decimals"
# - a = [0.3, 0.24]
# + a = [0.3, 0.29]

# %% solution="tanh-forward" mistake="slip-in-one-number" score=1.2
a = [0.3, 0.24]
z = [0.29, 0.36]
y = [0.22]
loss = 0.08

# %% solution="tanh-forward" mistake="not-filled-in" score=1.2 from="two-decimals"
# - a = [0.3, 0.24]
# + a = [0.3, None]
# %% solution="tanh-forward" mistake="not-filled-in" score=0.8 from="two-decimals"
# - z = [0.29, 0.24]
# + z = [None, None]
# - loss = 0.03
# + loss = None

# %% solution="tanh-forward" mistake="mistyped" score=1.2 from="two-decimals"
# - a = [0.3, 0.24]
# + a = [0, 3, 0, 24]
# %% solution="tanh-forward" mistake="mistyped" score=1.2 from="two-decimals"
# - y = [0.32]
# + y = ["0.32"]

# %% solution="tanh-forward" mistake="computed-here" score=1.2 from="two-decimals"
# - z = [0.29, 0.24]
# + z = [np.tanh(0.3), np.tanh(0.24)]

# %% solution="tanh-forward" mistake="computed-here" score=0.8
a = [0.3, 0.24]
z = np.tanh(a)
y = [0.32]
loss = (0.32 - 0.5) ** 2

# %% solution="tanh-forward" mistake="wrong-brackets" score=1.2 from="two-decimals"
# - a = [0.3, 0.24]
# + a = [[0.3], [0.24]]
# %% solution="tanh-forward" mistake="wrong-brackets" score=1.2 from="two-decimals"
# - y = [0.32]
# + y = [0.32, 0.5]

# %% solution="tanh-output-slopes" mistake="sign" score=0.8 from="two-decimals"
# - dL_dy = [-0.37]
# + dL_dy = [0.37]

# %% solution="tanh-output-slopes" mistake="sign" score=0.8
dL_dy = [0.37]
dL_dW2 = [[0.11, 0.09]]
dL_db2 = [0.37]

# %% solution="tanh-output-slopes" mistake="sign" score=0.8 from="two-decimals"
# - dL_dW2 = [[-0.11, -0.09]]
# + dL_dW2 = [[0.11, 0.09]]

# %% solution="tanh-output-slopes" mistake="wrong-brackets" score=0.8 from="two-decimals"
# - dL_dW2 = [[-0.11, -0.09]]
# + dL_dW2 = [-0.11, -0.09]
# %% solution="tanh-output-slopes" mistake="wrong-brackets" score=0.8 from="two-decimals"
# - dL_dW2 = [[-0.11, -0.09]]
# + dL_dW2 = [[-0.11], [-0.09]]

# %% solution="tanh-output-slopes" mistake="digits-swapped" score=0.8
dL_dy = [-0.73]
dL_dW2 = [[-0.21, -0.17]]
dL_db2 = [-0.73]

# %% solution="tanh-output-slopes" mistake="digits-swapped" score=0.8 from="two-decimals"
# - dL_db2 = [-0.37]
# + dL_db2 = [-0.73]

# %% solution="tanh-output-slopes" mistake="not-filled-in" score=0.8 from="two-decimals"
# - dL_dy = [-0.37]
# + dL_dy = [None]

# %% solution="tanh-output-slopes" mistake="not-filled-in" score=0.4
dL_dy = [-0.37]
dL_dW2 = [[None, None]]
dL_db2 = [None]

# %% solution="tanh-output-slopes" mistake="computed-here" score=0.8 from="two-decimals"
# - dL_dy = [-0.37]
# + dL_dy = [2 * (0.32 - 0.5)]
# %% solution="tanh-output-slopes" mistake="computed-here" score=0.8 from="two-decimals"
# - dL_db2 = [-0.37]
# + dL_db2 = dL_dy

# %% solution="tanh-output-slopes" mistake="decimal-point" score=0.8 from="two-decimals"
# - dL_dW2 = [[-0.11, -0.09]]
# + dL_dW2 = [[-1.07, -0.87]]
# %% solution="tanh-output-slopes" mistake="decimal-point" score=0.8 from="two-decimals"
# - dL_db2 = [-0.37]
# + dL_db2 = [-3.69]

# %% solution="tanh-hidden-slopes" mistake="sign" score=1.2 from="two-decimals"
# - dL_dz = [-0.26, 0.3]
# + dL_dz = [0.26, -0.3]
# %% solution="tanh-hidden-slopes" mistake="sign" score=1.2 from="two-decimals"
# - dL_da = [-0.24, 0.28]
# + dL_da = [0.24, -0.28]

# %% solution="tanh-hidden-slopes" mistake="slip-in-one-number" score=1.2 from="from rounded numbers"
# - dL_dW1 = [[-0.07, -0.1, 0.02], [0.08, 0.11, -0.03]]
# + dL_dW1 = [[-0.07, -0.09, 0.02], [0.08, 0.14, -0.03]]

# %% solution="tanh-hidden-slopes" mistake="slip-in-one-number" score=1.2
dL_dz = [-0.26, 0.37]
dL_da = [-0.24, 0.35]
dL_dW1 = [[-0.07, -0.09, 0.02], [0.1, 0.14, -0.03]]
dL_db1 = [-0.24, 0.35]

# %% solution="tanh-hidden-slopes" mistake="wrong-brackets" score=1.2 from="from rounded numbers"
# - dL_dW1 = [[-0.07, -0.1, 0.02], [0.08, 0.11, -0.03]]
# + dL_dW1 = [[-0.07, 0.08], [-0.09, 0.11], [0.02, -0.03]]
# %% solution="tanh-hidden-slopes" mistake="wrong-brackets" score=1.2 from="from rounded numbers"
# - dL_dW1 = [[-0.07, -0.1, 0.02], [0.08, 0.11, -0.03]]
# + dL_dW1 = [-0.07, -0.09, 0.02, 0.08, 0.11, -0.03]

# %% solution="tanh-hidden-slopes" mistake="too-coarse" score=1.2
dL_dz = [-0.26, 0.3]
dL_da = [-0.2, 0.3]
dL_dW1 = [[-0.06, -0.08, 0.02], [0.09, 0.12, -0.03]]
dL_db1 = [-0.2, 0.3]

# %% solution="tanh-hidden-slopes" mistake="too-coarse" score=1.2 from="two-decimals"
# - dL_db1 = [-0.24, 0.28]
# + dL_db1 = [-0.2, 0.3]

# %% solution="tanh-hidden-slopes" mistake="computed-here" score=1.2 from="two-decimals"
# - dL_db1 = [-0.24, 0.28]
# + dL_db1 = dL_da
# %% solution="tanh-hidden-slopes" mistake="computed-here" score=1.2 from="two-decimals"
# - dL_dz = [-0.26, 0.3]
# + dL_dz = [0.7 * -0.37, -0.8 * -0.37]

# %% solution="tanh-hidden-slopes" mistake="not-filled-in" score=0.4
dL_dz = [None, None]
dL_da = [None, None]
dL_dW1 = [[None, None, None], [None, None, None]]
dL_db1 = [-0.24, 0.28]

# %% solution="tanh-hidden-slopes" mistake="not-filled-in" score=1.2 from="from rounded numbers"
# - dL_dW1 = [[-0.07, -0.1, 0.02], [0.08, 0.11, -0.03]]
# + dL_dW1 = [[-0.07, -0.09, 0.02], [0.08, None, None]]

# %% solution="tanh-hidden-slopes" mistake="decimal-point" score=1.2 from="from rounded numbers"
# - dL_dW1 = [[-0.07, -0.1, 0.02], [0.08, 0.11, -0.03]]
# + dL_dW1 = [[-0.71, -0.95, 0.24], [0.84, 1.11, -0.28]]
# %% solution="tanh-hidden-slopes" mistake="decimal-point" score=1.2 from="two-decimals"
# - dL_db1 = [-0.24, 0.28]
# + dL_db1 = [-2.36, 2.79]

# %% solution="tanh-update" mistake="slip-in-one-number" score=1.2 from="two-decimals"
# - W1_updated = [[0.14, 0.35, -0.51], [-0.24, 0.34, 0.61]]
# + W1_updated = [[0.14, 0.35, -0.49], [-0.24, 0.34, 0.61]]
# %% solution="tanh-update" mistake="slip-in-one-number" score=1.2 from="two-decimals"
# - W2_updated = [[0.75, -0.76]]
# + W2_updated = [[0.75, -0.84]]

# %% solution="tanh-update" mistake="digits-swapped" score=1.2 from="two-decimals"
# - b2_updated = [0.48]
# + b2_updated = [0.84]
# %% solution="tanh-update" mistake="digits-swapped" score=1.2 from="two-decimals"
# - W2_updated = [[0.75, -0.76]]
# + W2_updated = [[0.57, -0.76]]

# %% solution="tanh-update" mistake="sign" score=1.2 from="two-decimals"
# - W2_updated = [[0.75, -0.76]]
# + W2_updated = [[0.75, 0.76]]
# %% solution="tanh-update" mistake="sign" score=1.2 from="two-decimals"
# - W1_updated = [[0.14, 0.35, -0.51], [-0.24, 0.34, 0.61]]
# + W1_updated = [[0.14, 0.35, 0.51], [0.24, 0.34, 0.61]]

# %% solution="tanh-update" mistake="too-coarse" score=1.2 from="two-decimals"
# - W2_updated = [[0.75, -0.76]]
# + W2_updated = [[0.8, -0.8]]
# %% solution="tanh-update" mistake="too-coarse" score=1.2 from="two-decimals"
# - b1_updated = [0.22, 0.06]
# + b1_updated = [0.2, 0.1]

# %% solution="tanh-update" mistake="not-filled-in" score=0.8 from="two-decimals"
# - W1_updated = [[0.14, 0.35, -0.51], [-0.24, 0.34, 0.61]]
# - b1_updated = [0.22, 0.06]
# + W1_updated = [[None, None, None], [None, None, None]]
# + b1_updated = [None, None]
# %% solution="tanh-update" mistake="not-filled-in" score=1.2 from="two-decimals"
# - b2_updated = [0.48]
# + b2_updated = [None]

# %% solution="tanh-update" mistake="mistyped" score=1.2 from="two-decimals"
# - b2_updated = [0.48]
# + b2_updated = 0, 48
# %% solution="tanh-update" mistake="mistyped" score=1.2 from="two-decimals"
# - b1_updated = [0.22, 0.06]
# + b1_updated = ["0.22", "0.06"]

# %% solution="tanh-update" mistake="computed-here" score=1.2 from="two-decimals"
# - b2_updated = [0.48]
# + b2_updated = [0.3 + 0.5 * 0.37]
# %% solution="tanh-update" mistake="computed-here" score=1.2 from="two-decimals"
# - W2_updated = [[0.75, -0.76]]
# + W2_updated = np.array([[0.7, -0.8]]) - 0.5 * np.array(dL_dW2)

# %% solution="relu-forward" variant="more decimals"
z = [7, 6, 9]
y_hat = [7, 6, 9]
L = 32.5

# %% solution="relu-forward" variant="arrays"
z = np.array([7, 6, 9])
y_hat = np.array([7, 6, 9])
L = 32.5

# %% solution="relu-backward" variant="more decimals"
dL_dy_hat = [6, 2, 5]
dy_hat_dz = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
delta = [6, 2, 5]
dz_dW = [[1, 2, 0, 0, 0, 0], [0, 0, 1, 2, 0, 0], [0, 0, 0, 0, 1, 2]]
dL_dW = [[6, 12], [2, 4], [5, 10]]

# %% solution="relu-backward" variant="arrays"
dL_dy_hat = np.array([6, 2, 5])
dy_hat_dz = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
delta = np.array([6, 2, 5])
dz_dW = np.array([[1, 2, 0, 0, 0, 0], [0, 0, 1, 2, 0, 0], [0, 0, 0, 0, 1, 2]])
dL_dW = np.array([[6, 12], [2, 4], [5, 10]])

# %% solution="relu-step" variant="more decimals"
W_new = [[2.4, 0.8], [3.8, 0.6], [4.5, 1]]
z_new = [4, 5, 6.5]
y_hat_new = [4, 5, 6.5]
L_new = 8.125

# %% solution="relu-step" variant="arrays"
W_new = np.array([[2.4, 0.8], [3.8, 0.6], [4.5, 1]])
z_new = np.array([4, 5, 6.5])
y_hat_new = np.array([4, 5, 6.5])
L_new = 8.12

# %% solution="relu-step" variant="rounded"
W_new = [[2.4, 0.8], [3.8, 0.6], [4.5, 1]]
z_new = [4, 5, 6.5]
y_hat_new = [4, 5, 6.5]
L_new = 8.12

# %% solution="relu-step" variant="below-the-blank-lines"
W_new = [[None, None], [None, None], [None, None]]
z_new = [None, None, None]
y_hat_new = [None, None, None]
pass
L_new = None
W_new = [[2.4, 0.8], [3.8, 0.6], [4.5, 1.0]]
z_new = [4, 5, 6.5]
y_hat_new = [4, 5, 6.5]
L_new = 8.125

# %% solution="tanh-forward" variant="more decimals"
a = [0.3, 0.24]
z = [0.2913, 0.2355]
y = [0.3155]
loss = 0.034

# %% solution="tanh-forward" variant="arrays"
a = np.array([0.3, 0.24])
z = np.array([0.29, 0.24])
y = np.array([0.32])
loss = 0.03

# %% solution="tanh-output-slopes" variant="more decimals"
dL_dy = [-0.369]
dL_dW2 = [[-0.1075, -0.0869]]
dL_db2 = [-0.369]

# %% solution="tanh-output-slopes" variant="arrays"
dL_dy = np.array([-0.37])
dL_dW2 = np.array([[-0.11, -0.09]])
dL_db2 = np.array([-0.37])

# %% solution="tanh-hidden-slopes" variant="more decimals"
dL_dz = [-0.2583, 0.2952]
dL_da = [-0.2364, 0.2788]
dL_dW1 = [[-0.0709, -0.0945, 0.0236], [0.0836, 0.1115, -0.0279]]
dL_db1 = [-0.2364, 0.2788]

# %% solution="tanh-hidden-slopes" variant="arrays"
dL_dz = np.array([-0.26, 0.3])
dL_da = np.array([-0.24, 0.28])
dL_dW1 = np.array([[-0.07, -0.09, 0.02], [0.08, 0.11, -0.03]])
dL_db1 = np.array([-0.24, 0.28])

# %% solution="tanh-update" variant="more decimals"
W2_updated = [[0.7537, -0.7566]]
b2_updated = [0.4845]
W1_updated = [[0.1355, 0.3473, -0.5118], [-0.2418, 0.3442, 0.6139]]
b1_updated = [0.2182, 0.0606]

# %% solution="tanh-update" variant="arrays"
W2_updated = np.array([[0.75, -0.76]])
b2_updated = np.array([0.48])
W1_updated = np.array([[0.14, 0.35, -0.51], [-0.24, 0.34, 0.61]])
b1_updated = np.array([0.22, 0.06])

# %% solution="relu-forward" variant="tuples and decimals"
z = (7.0, 6.0, 9.0)
y_hat = 7, 6, 9
L = +32.50

# %% solution="relu-backward" variant="in rows"
dL_dy_hat = [6.0, 2.0, 5.0]
dy_hat_dz = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
delta = [6, 2, 5]
dz_dW = [
    [1, 2, 0, 0, 0, 0],  # z1
    [0, 0, 1, 2, 0, 0],
    [0, 0, 0, 0, 1, 2],
]
dL_dW = [[6, 12], [2, 4], [5, 10]]

# %% solution="relu-backward" variant="below-the-blank-lines"
dL_dy_hat = [None, None, None]
dy_hat_dz = [[None, None, None], [None, None, None], [None, None, None]]
delta = [None, None, None]
dz_dW = [
    [None, None, None, None, None, None],
    [None, None, None, None, None, None],
    [None, None, None, None, None, None],
]
pass
dL_dW = [[None, None], [None, None], [None, None]]
dL_dy_hat = [6, 2, 5]
dy_hat_dz = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
delta = [6, 2, 5]
dz_dW = [[1, 2, 0, 0, 0, 0], [0, 0, 1, 2, 0, 0], [0, 0, 0, 0, 1, 2]]
dL_dW = [[6, 12], [2, 4], [5, 10]]

# %% solution="tanh-forward" variant="a bare number, and a list of one"
a = [0.3, 0.24]
z = [0.29, 0.24]
y = 0.32
loss = [0.03]

# %% solution="tanh-forward" variant="two-decimals"
a = [0.3, 0.24]
z = [0.29, 0.24]
y = [0.32]
loss = 0.03

# %% solution="tanh-output-slopes" variant="from rounded numbers"
dL_dy = [-0.36]
dL_dW2 = [[-0.1, -0.08]]
dL_db2 = -0.36

# %% solution="tanh-output-slopes" variant="two-decimals"
dL_dy = [-0.37]
dL_dW2 = [[-0.11, -0.09]]
dL_db2 = [-0.37]

# %% solution="tanh-hidden-slopes" variant="from rounded numbers"
dL_dz = [-0.26, 0.3]
dL_da = [-0.24, 0.28]
dL_dW1 = [[-0.07, -0.1, 0.02], [0.08, 0.11, -0.03]]
dL_db1 = [-0.24, 0.28]

# %% solution="tanh-hidden-slopes" variant="two-decimals"
dL_dz = [-0.26, 0.3]
dL_da = [-0.24, 0.28]
dL_dW1 = [[-0.07, -0.09, 0.02], [0.08, 0.11, -0.03]]
dL_db1 = [-0.24, 0.28]

# %% solution="tanh-update" variant="changed once more"
W2_updated = [[0.5, -0.5]]
W2_updated = [[0.75, -0.76]]
b2_updated, b1_updated = [0.48], [0.22, 0.06]
W1_updated = [[0.14, 0.35, -0.51], [-0.24, 0.34, 0.61]]
print("done")

# %% solution="tanh-update" variant="two-decimals"
W2_updated = [[0.75, -0.76]]
b2_updated = [0.48]
W1_updated = [[0.14, 0.35, -0.51], [-0.24, 0.34, 0.61]]
b1_updated = [0.22, 0.06]

# %% solution="tanh-update" variant="arrays-of-four-decimals"
W2_updated = np.array([[0.7537, -0.7566]])
b2_updated = np.array([0.4845])
W1_updated = np.array([[0.1355, 0.3473, -0.5118], [-0.2418, 0.3442, 0.6139]])
b1_updated = np.array([0.2182, 0.0606])

# %% solution="tanh-update" variant="below-the-blank-lines"
W2_updated = [[None, None]]
b2_updated = [None]
W1_updated = [[None, None, None], [None, None, None]]
pass
b1_updated = [None, None]
W2_updated = [[0.75, -0.76]]
b2_updated = [0.48]
W1_updated = [[0.14, 0.35, -0.51], [-0.24, 0.34, 0.61]]
b1_updated = [0.22, 0.06]

# %% solution="relu-forward" equivalent="the empty entry is filled in further down" from="solution"
# - z = [None, None, None]
# + pass
# %% solution="relu-forward" equivalent="the empty entry is filled in further down" from="solution"
# - y_hat = [None, None, None]
# + pass
# %% solution="relu-forward" equivalent="the empty entry is filled in further down" from="solution"
# - L = None
# + pass

# %% solution="relu-backward" equivalent="the empty entry is filled in further down" from="below-the-blank-lines"
# - dL_dy_hat = [None, None, None]
# + pass
# - pass
# %% solution="relu-backward" equivalent="the empty entry is filled in further down" from="below-the-blank-lines"
# - dy_hat_dz = [[None, None, None], [None, None, None], [None, None, None]]
# + pass
# - pass
# %% solution="relu-backward" equivalent="the empty entry is filled in further down" from="below-the-blank-lines"
# - delta = [None, None, None]
# + pass
# - pass
# %% solution="relu-backward" equivalent="the empty entry is filled in further down" from="below-the-blank-lines"
# - dz_dW = [
# -     [None, None, None, None, None, None],
# -     [None, None, None, None, None, None],
# -     [None, None, None, None, None, None],
# - ]
# %% solution="relu-backward" equivalent="the empty entry is filled in further down" from="below-the-blank-lines"
# - dL_dW = [[None, None], [None, None], [None, None]]

# %% solution="relu-step" equivalent="the empty entry is filled in further down" from="below-the-blank-lines"
# - W_new = [[None, None], [None, None], [None, None]]
# + pass
# - pass
# %% solution="relu-step" equivalent="the empty entry is filled in further down" from="below-the-blank-lines"
# - z_new = [None, None, None]
# + pass
# - pass
# %% solution="relu-step" equivalent="the empty entry is filled in further down" from="below-the-blank-lines"
# - y_hat_new = [None, None, None]
# %% solution="relu-step" equivalent="the empty entry is filled in further down" from="below-the-blank-lines"
# - L_new = None

# %% solution="tanh-forward" equivalent="the empty entry is filled in further down" from="solution"
# - a = [None, None]
# + pass
# %% solution="tanh-forward" equivalent="the empty entry is filled in further down" from="solution"
# - z = [None, None]
# + pass
# %% solution="tanh-forward" equivalent="the empty entry is filled in further down" from="solution"
# - y = [None]
# + pass
# %% solution="tanh-forward" equivalent="the empty entry is filled in further down" from="solution"
# - loss = None
# + pass

# %% solution="tanh-output-slopes" equivalent="the empty entry is filled in further down" from="solution"
# - dL_dy = [None]
# + pass
# %% solution="tanh-output-slopes" equivalent="the empty entry is filled in further down" from="solution"
# - dL_dW2 = [[None, None]]
# + pass
# %% solution="tanh-output-slopes" equivalent="the empty entry is filled in further down" from="solution"
# - dL_db2 = [None]
# + pass

# %% solution="tanh-hidden-slopes" equivalent="the empty entry is filled in further down" from="two-decimals"
# - dL_dz = [-0.26, 0.3]
# + pass
# + dL_da = [None, None]
# + dL_dW1 = [[None, None, None], [None, None, None]]
# + dL_db1 = [None, None]
# + dL_dz = [-0.26, 0.30]
# %% solution="tanh-hidden-slopes" equivalent="the empty entry is filled in further down" from="two-decimals"
# - dL_dz = [-0.26, 0.3]
# + dL_dz = [None, None]
# + pass
# + dL_dW1 = [[None, None, None], [None, None, None]]
# + dL_db1 = [None, None]
# + dL_dz = [-0.26, 0.30]
# %% solution="tanh-hidden-slopes" equivalent="the empty entry is filled in further down" from="solution"
# - dL_dW1 = [
# -     [None, None, None],
# -     [None, None, None],
# - ]
# + pass
# %% solution="tanh-hidden-slopes" equivalent="the empty entry is filled in further down" from="two-decimals"
# - dL_dz = [-0.26, 0.3]
# + dL_dz = [None, None]
# + dL_da = [None, None]
# + dL_dW1 = [[None, None, None], [None, None, None]]
# + pass
# + dL_dz = [-0.26, 0.30]

# %% solution="tanh-update" equivalent="the empty entry is filled in further down" from="below-the-blank-lines"
# - W2_updated = [[None, None]]
# + pass
# - pass
# %% solution="tanh-update" equivalent="the empty entry is filled in further down" from="below-the-blank-lines"
# - b2_updated = [None]
# + pass
# - pass
# %% solution="tanh-update" equivalent="the empty entry is filled in further down" from="below-the-blank-lines"
# - W1_updated = [[None, None, None], [None, None, None]]
# %% solution="tanh-update" equivalent="the empty entry is filled in further down" from="below-the-blank-lines"
# - b1_updated = [None, None]
