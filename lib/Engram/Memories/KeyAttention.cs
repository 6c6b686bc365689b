namespace Engram;

/// <summary>Attention of queries [n, m] over keys [N, m], and its derivative by the keys.</summary>
internal readonly record struct KeyAttention(KeySimilarity Similarity, double InverseTemperature)
{
    /// <summary>A = softmax(β s(q, k)) over the keys, shape [n, N].</summary>
    public Tensor Weights(Tensor queries, Tensor keys) => Logits(queries, keys).softmax(1);

    /// <summary>
    /// ∂L/∂K of L = ½‖X - AV‖² at given V, from ∂L/∂A = A(VVᵀ) - XVᵀ: no residual X - AV is formed, which spares one
    /// of three large products. The source's way, -(X - AV)Vᵀ, rounds differently where V is large.
    /// </summary>
    /// <param name="weights">A, shape [n, N].</param>
    /// <param name="queries">Q, shape [n, m].</param>
    /// <param name="targets">X, shape [n, d].</param>
    /// <param name="keys">K, shape [N, m].</param>
    /// <param name="values">V, shape [N, d].</param>
    /// <param name="byResidual">Whether to go the source's way.</param>
    public Tensor Gradient(
        Tensor weights, Tensor queries, Tensor targets, Tensor keys, Tensor values, bool byResidual = false)
    {
        var slope = byResidual
            ? weights.mm(values).sub_(targets).mm(values.T)
            : MatrixProduct.Of(weights, MatrixProduct.Of(values, values.T)).sub_(MatrixProduct.Of(targets, values.T));
        // The derivative of softmax: a ∘ (g - ⟨a, g⟩), row by row.
        var mean = (weights * slope).sum(1, keepdim: true);
        slope.sub_(mean).mul_(weights);
        var gradient = MatrixProduct.Of(slope.T, queries);
        if (Similarity == KeySimilarity.Euclidean) gradient.sub_(slope.sum(dim: 0).unsqueeze(1) * keys);
        return gradient.mul_(InverseTemperature);
    }

    // -½‖q‖² is the same for every key, so softmax does not see it.
    private Tensor Logits(Tensor queries, Tensor keys) => Similarity switch
    {
        KeySimilarity.DotProduct => MatrixProduct.Of(queries, (keys * InverseTemperature).T),
        _ => MatrixProduct.Of(queries, (keys * InverseTemperature).T)
            .add_(keys.square().sum(dim: 1), alpha: -0.5 * InverseTemperature),
    };
}
