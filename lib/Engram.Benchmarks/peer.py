"""The same workloads in PyTorch, each in the best forms known; one JSON line for each."""
import json
import math
import os
import sys
import time

import torch

BETA = 25.0
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def best(work, runs=5):
    """The better of all cores and one: small work is quicker on one. PyTorch's own default may be one."""
    torch.set_num_threads(CORES)
    least = best_with_threads(work, runs)
    if CORES > 1 and DEVICE == "cpu":
        torch.set_num_threads(1)
        if min(once(work), once(work)) < 1.2 * least:
            least = min(least, best_with_threads(work, runs))
        torch.set_num_threads(CORES)
    return least


def once(work):
    start = time.perf_counter()
    work()
    wait()
    return time.perf_counter() - start


def best_with_threads(work, runs):
    work()
    repeats = max(1, min(10_000, int(0.1 / max(once(work), 1e-7))))
    least = math.inf
    for _ in range(runs):
        start = time.perf_counter()
        for _ in range(repeats):
            work()
        wait()
        least = min(least, (time.perf_counter() - start) / repeats)
        if least > 5:
            break
    return least


def wait():
    """A device answers before its work is done."""
    if DEVICE == "cuda":
        torch.cuda.synchronize()


def tell(name, form, seconds):
    print(json.dumps({"name": name, "form": form, "seconds": seconds}), flush=True)


def blas():
    """The BLAS library that is loaded once a product was taken."""
    if DEVICE == "cuda":
        return torch.cuda.get_device_name()
    torch.randn(64, 64) @ torch.randn(64, 64)
    if torch.backends.mkl.is_available():
        return "mkl"
    with open("/proc/self/maps") as maps:
        text = maps.read()
    return next((name for name in ("openblas", "blis", "mkl") if name in text), "reference")


def lse(v, xi, beta):
    return -torch.logsumexp(-beta / 2 * ((v[..., None, :] - xi) ** 2).sum(-1), -1) / beta


def lse_products(v, xi, beta):
    s = torch.addmm((xi * xi).sum(-1) * (-beta / 2), v, xi.T, alpha=beta)
    return (v * v).sum(-1) / 2 - torch.logsumexp(s, -1) / beta


def descend(step, q, steps, alpha):
    x, energies = q.clone(), []
    for _ in range(steps):
        energy, gradient = step(x)
        energies.append(energy)
        x = x - alpha * gradient
    return x, torch.stack(energies)


def by_autograd(energy):
    def step(x):
        x = x.detach().requires_grad_()
        e = energy(x)
        return e.detach(), torch.autograd.grad(e.sum(), x)[0]

    return step


def exact_descent(name, queries, dimension, count):
    xi, q, beta = torch.randn(count, dimension), torch.randn(queries, dimension), 1.0
    tell(name, "autograd", best(lambda: descend(by_autograd(lambda v: lse(v, xi, beta)), q, 1000, 0.01)))
    half = (xi * xi).sum(-1) * (-beta / 2)

    def closed(v):
        s = torch.addmm(half, v, xi.T, alpha=beta)
        l = torch.logsumexp(s, -1)
        return (v * v).sum(-1) / 2 - l / beta, v - torch.softmax(s, -1) @ xi

    with torch.inference_mode():
        tell(name, "closed form", best(lambda: descend(closed, q, 1000, 0.01)))


def phi(x, omega, beta):
    h = math.sqrt(beta) * (x @ omega.T)
    return torch.cat([h.cos(), h.sin()], -1) / math.sqrt(omega.shape[0])


def consolidate(name, count, dimension, beta):
    omega, xi = torch.randn(100_000, dimension), torch.rand(count, dimension).round() / math.sqrt(dimension)
    chunk = 20

    def stream():
        total = torch.zeros(200_000)
        for part in xi.split(chunk):
            total += phi(part, omega, beta).sum(0)
        return total

    def halves():
        cosines, sines = torch.zeros(100_000), torch.zeros(100_000)
        for part in xi.split(chunk):
            h = math.sqrt(beta) * (part @ omega.T)
            cosines += h.cos().sum(0)
            sines += h.sin_().sum(0)
        return torch.cat([cosines, sines]) / math.sqrt(100_000)

    with torch.inference_mode():
        runs = 5 if count <= 20 else 2
        tell(name, "as published", best(stream, runs))
        tell(name, "by halves", best(halves, runs))


def distributed():
    """The published energy of T, and the ingredients of quicker forms."""
    omega = torch.randn(100_000, 30)
    memory = phi(binary(20), omega, BETA).sum(0)
    return omega, memory, (memory / math.sqrt(100_000)).chunk(2)


def binary(n):
    return torch.rand(n, 30).round() / math.sqrt(30)


def approximate_energy():
    omega, memory, (weights_cos, weights_sin) = distributed()
    queries = binary(100)

    def halves(v):
        h = math.sqrt(BETA) * (v @ omega.T)
        return -torch.log((h.cos() @ weights_cos + h.sin() @ weights_sin).clamp(min=1e-10)) / BETA

    with torch.inference_mode():
        tell("approximate-energy", "as published", best(lambda: published(queries, omega, memory)))
        tell("approximate-energy", "by halves", best(lambda: halves(queries)))


def published(v, omega, memory):
    return -torch.log((phi(v, omega, BETA) @ memory).clamp(min=1e-10)) / BETA


def approximate_descent():
    omega, memory, (weights_cos, weights_sin) = distributed()
    queries, root = binary(10), math.sqrt(BETA)

    def closed(v):
        h = root * (v @ omega.T)
        c, s = h.cos(), h.sin()
        total = c @ weights_cos + s @ weights_sin
        slope = (c.mul_(weights_sin) - s.mul_(weights_cos)) @ omega * root
        clipped = total.clamp(min=1e-10)
        return -torch.log(clipped) / BETA, slope * torch.where(total >= 1e-10, -1 / (BETA * clipped), torch.zeros(()))[:, None]

    energy = by_autograd(lambda v: published(v, omega, memory))
    tell("approximate-descent", "autograd", best(lambda: descend(energy, queries, 10, 0.1)))
    with torch.inference_mode():
        tell("approximate-descent", "closed form", best(lambda: descend(closed, queries, 10, 0.1)))


def pseudoinverse():
    keys, values = torch.randn(1024, 8192), torch.randn(1024, 8192)

    def cholesky(dtype):
        k, v = keys.to(dtype), values.to(dtype)
        return torch.cholesky_solve(k @ v.T, torch.linalg.cholesky(k @ k.T)).T.to(torch.float32) @ keys

    with torch.inference_mode():
        tell("pseudoinverse", "pinv", best(lambda: values @ torch.linalg.pinv(keys) @ keys, 2))
        tell("pseudoinverse", "Cholesky in float64, unchecked", best(lambda: cholesky(torch.float64), 2))


def key_value(count, steps=10):
    q, x = torch.rand(10_000, 78), torch.rand(10_000, 784)

    def fit(step):
        k = (0.01 * torch.randn(count, 78)).requires_grad_()
        adam = torch.optim.Adam([k], lr=5e-4)
        for _ in range(steps):
            step(k, adam)
            adam.step()

    def solve(k):
        a = torch.softmax(q @ k.T, 1)
        return a, torch.linalg.solve(a.T @ a + 1e-6 * torch.eye(count), a.T @ x)

    def by_autograd(k, adam):
        with torch.no_grad():
            v = solve(k)[1]
        adam.zero_grad()
        (0.5 * ((x - torch.softmax(q @ k.T, 1) @ v) ** 2).sum()).backward()

    def reordered(k, adam):
        with torch.no_grad():
            a, v = solve(k)
            slope = torch.addmm(a @ (v @ v.T), x, v.T, alpha=-1)
            k.grad = (a * (slope - (a * slope).sum(1, keepdim=True))).T @ q

    tell(f"key-value-{count}", "autograd", best(lambda: fit(by_autograd), 3))
    tell(f"key-value-{count}", "closed form, reordered", best(lambda: fit(reordered), 3))


def grid():
    points = torch.linspace(-5, 5, 50)
    plane = torch.stack(torch.meshgrid(points, points, indexing="xy"), -1).reshape(-1, 2)
    xi = torch.rand(8, 2) * 10 - 5
    with torch.inference_mode():
        tell("grid", "as published", best(lambda: lse(plane, xi, 1.0)))
        tell("grid", "by products", best(lambda: lse_products(plane, xi, 1.0)))


WORKLOADS = {
    "grid": grid,
    "descent-1": lambda: exact_descent("descent-1", 1, 2, 8),
    "descent-100": lambda: exact_descent("descent-100", 100, 30, 20),
    "consolidate-20": lambda: consolidate("consolidate-20", 20, 30, 25.0),
    "consolidate-d30": lambda: consolidate("consolidate-d30", 2000, 30, 25.0),
    "consolidate-d256": lambda: consolidate("consolidate-d256", 1000, 256, 2.0),
    "approximate-energy": approximate_energy,
    "approximate-descent": approximate_descent,
    "pseudoinverse": pseudoinverse,
    "key-value-64": lambda: key_value(64),
    "key-value-256": lambda: key_value(256),
    "normals": lambda: tell("normals", "torch.randn", best(lambda: torch.randn(3_000_000))),
}


def main(names):
    library = blas()
    a = torch.randn(1024, 1024)
    rate = 2 * 1024**3 / best(lambda: a @ a) / 1e9
    print(json.dumps({"version": torch.__version__, "blas": library, "gflops": rate}), flush=True)
    if library == "reference":
        sys.exit(3)
    for name, work in WORKLOADS.items():
        if not names or name in names:
            work()


DEVICE = sys.argv[1]
if DEVICE != "cpu":
    torch.set_default_device(DEVICE)
main(sys.argv[2:])
