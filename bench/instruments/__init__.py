"""How good the two instruments are: labelled examples, fitting of the second opinion, cross-validation, baselines.

Development only: scikit-learn is not installed with the product.
"""
