"""Each figure that Limpide claims, measured again beside its peer: ``python -m benchmarks``.

``stores`` makes the banks, the ``row_*`` files measure (each in a process of its own, started by
``part``), ``peers`` puts explainerdashboard and shapash in environments of their own, and
``__main__`` prints the table. What was found, and how, is told in ``docs/benchmarks.md``.
"""
