"""An independent evaluator of the model language, written from its definitions."""
