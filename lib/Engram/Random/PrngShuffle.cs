namespace Engram;

/// <summary>JAX's shuffle: stable sorts by random 32-bit keys, as many as make equal keys harmless.</summary>
internal static class PrngShuffle
{
    /// <summary>A random order of 0 … n-1.</summary>
    public static long[] Order(PrngKey key, int n)
    {
        var order = new long[n];
        for (var i = 0; i < n; i++) order[i] = i;
        var rounds = n < 2 ? 0 : (int)Math.Ceiling(3 * Math.Log(n) / Math.Log(uint.MaxValue));
        for (var round = 0; round < rounds; round++)
        {
            var keys = key.Split();
            key = keys[0];
            Array.Sort(Places(keys[1], n), order);
        }

        return order;
    }

    // The place in the low word breaks ties: a stable sort.
    private static ulong[] Places(PrngKey key, int n)
    {
        var words = PrngStream.Words(key, n);
        var places = new ulong[n];
        for (var i = 0; i < n; i++) places[i] = ((ulong)words[i] << 32) | (uint)i;
        return places;
    }
}
