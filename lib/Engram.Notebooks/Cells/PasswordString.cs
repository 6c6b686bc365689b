namespace Microsoft.DotNet.Interactive;

/// <summary>A secret that no display shows.</summary>
/// <param name="password">The secret.</param>
public sealed class PasswordString(string password)
{
    /// <summary>The secret itself.</summary>
    public string GetClearTextPassword() => password;

    /// <summary>Stars.</summary>
    public override string ToString() => new('*', password.Length);
}
