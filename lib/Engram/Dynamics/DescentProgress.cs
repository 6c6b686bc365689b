namespace Engram;

/// <summary>How far a descent has come.</summary>
/// <param name="Step">The number of steps done.</param>
/// <param name="Steps">The number of steps asked.</param>
public readonly record struct DescentProgress(long Step, long Steps);
