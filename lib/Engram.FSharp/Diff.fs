namespace Engram
