"""Fits the Poisson log-linear models given as JSON on standard input.

One JSON object a model on standard output: the estimate of all people, and the
median time of one fit in microseconds. Synthetic use only: the tables are
published ones.
"""

import json
import statistics
import sys
import time

import numpy as np
import statsmodels.api as sm


def design(lists, terms):
    cells = np.arange(1, 1 << lists)
    columns = [np.ones(len(cells))]
    columns += [(cells >> i & 1).astype(float) for i in range(lists)]
    columns += [((cells >> i & 1) * (cells >> j & 1)).astype(float) for i, j in terms]
    return np.column_stack(columns)


def main():
    asked = json.load(sys.stdin)
    for case in asked["cases"]:
        counts = np.array(case["cells"], dtype=float)
        matrix = design(case["lists"], case["terms"])

        def fit():
            return sm.GLM(counts, matrix, family=sm.families.Poisson()).fit()

        total = counts.sum() + float(np.exp(fit().params[0]))
        times = []
        for _ in range(asked["runs"]):
            started = time.perf_counter()
            fit()
            times.append(time.perf_counter() - started)
        print(json.dumps({"total": total, "us": statistics.median(times) * 1e6}), flush=True)


if __name__ == "__main__":
    main()
