namespace Engram;

/// <summary>A fitted memory and how it came about.</summary>
/// <param name="Memory">The memory.</param>
/// <param name="Losses">½‖X - AV‖² over each step's rows, before the step.</param>
/// <param name="StoppedEarly">Whether the loss had ceased to fall before the last step asked for.</param>
public sealed record KeyValueFit(KeyValueMemory Memory, IReadOnlyList<double> Losses, bool StoppedEarly);
