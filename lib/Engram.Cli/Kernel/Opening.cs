namespace Engram.Cli.Kernel;

/// <summary>What is said once before all else of a cell, by whoever comes first to say something of it.</summary>
/// <param name="say">Says it.</param>
internal sealed class Opening(Action say) : IDisposable
{
    private readonly Lock _gate = new();
    private bool _said;

    /// <summary>Says it, unless that is done; returns when it is.</summary>
    public void Say()
    {
        lock (_gate)
        {
            if (_said) return;
            _said = true;
            say();
        }
    }

    /// <summary>The cell has nothing more to say: it is said by now.</summary>
    public void Dispose() => Say();
}
