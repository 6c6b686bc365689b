namespace Engram.Notebooks
