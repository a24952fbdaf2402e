"""Measures the portal: its pages and files over made-up records, beside other ways to the same rows.

Nothing here judges anything by itself. ``questions`` says what is asked and which answer is wished for,
the other modules are programs that each measure a part and print their figures, and ``report`` puts both
side by side.
"""
