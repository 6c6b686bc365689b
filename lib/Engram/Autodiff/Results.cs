namespace Engram;

/// <summary>A function's value and its gradient.</summary>
/// <param name="Value">f(x), shape [].</param>
/// <param name="Gradient">∇f(x), of the shape of x.</param>
public sealed record ValueAndGradient(Tensor Value, Tensor Gradient);

/// <summary>A function's value and its derivative, by a scalar or in a direction.</summary>
/// <param name="Value">f(x).</param>
/// <param name="Derivative">The derivative, of the shape of the value.</param>
public sealed record ValueAndDerivative(Tensor Value, Tensor Derivative);

/// <summary>A function's value and a product of its Jacobian or Hessian with a vector.</summary>
/// <param name="Value">f(x).</param>
/// <param name="Product">Jᵀv or Hv, of the shape of x.</param>
public sealed record ValueAndProduct(Tensor Value, Tensor Product);

/// <summary>A function's value and its Jacobian.</summary>
/// <param name="Value">f(x).</param>
/// <param name="Jacobian">∂f/∂x, shape [output shape..., input shape...].</param>
public sealed record ValueAndJacobian(Tensor Value, Tensor Jacobian);

/// <summary>A function's value and its Hessian.</summary>
/// <param name="Value">f(x), shape [].</param>
/// <param name="Hessian">∂²f/∂x², shape [input shape..., input shape...].</param>
public sealed record ValueAndHessian(Tensor Value, Tensor Hessian);

/// <summary>A function's gradient and Hessian.</summary>
/// <param name="Gradient">∇f(x), of the shape of x.</param>
/// <param name="Hessian">∂²f/∂x², shape [input shape..., input shape...].</param>
public sealed record GradientAndHessian(Tensor Gradient, Tensor Hessian);

/// <summary>A function's value, gradient and Hessian.</summary>
/// <param name="Value">f(x), shape [].</param>
/// <param name="Gradient">∇f(x), of the shape of x.</param>
/// <param name="Hessian">∂²f/∂x², shape [input shape..., input shape...].</param>
public sealed record ValueGradientAndHessian(Tensor Value, Tensor Gradient, Tensor Hessian);

/// <summary>Products of a function's gradient and Hessian with a vector.</summary>
/// <param name="GradientV">∇f(x)·v, shape [].</param>
/// <param name="HessianV">Hv, of the shape of x.</param>
public sealed record GradientVAndHessianV(Tensor GradientV, Tensor HessianV);

/// <summary>A function's value, and products of its gradient and Hessian with a vector.</summary>
/// <param name="Value">f(x), shape [].</param>
/// <param name="GradientV">∇f(x)·v, shape [].</param>
/// <param name="HessianV">Hv, of the shape of x.</param>
public sealed record ValueGradientVAndHessianV(Tensor Value, Tensor GradientV, Tensor HessianV);

/// <summary>A function's value and its Laplacian.</summary>
/// <param name="Value">f(x), shape [].</param>
/// <param name="Laplacian">∇²f(x), shape [].</param>
public sealed record ValueAndLaplacian(Tensor Value, Tensor Laplacian);

/// <summary>A vector field's value and its divergence.</summary>
/// <param name="Value">f(x), of the shape of x.</param>
/// <param name="Divergence">∇·f(x), shape [].</param>
public sealed record ValueAndDivergence(Tensor Value, Tensor Divergence);

/// <summary>A vector field's value and its curl.</summary>
/// <param name="Value">f(x), shape [3].</param>
/// <param name="Curl">∇×f(x), shape [3].</param>
public sealed record ValueAndCurl(Tensor Value, Tensor Curl);

/// <summary>A vector field's curl and divergence.</summary>
/// <param name="Curl">∇×f(x), shape [3].</param>
/// <param name="Divergence">∇·f(x), shape [].</param>
public sealed record CurlAndDivergence(Tensor Curl, Tensor Divergence);

/// <summary>A vector field's value, curl and divergence.</summary>
/// <param name="Value">f(x), shape [3].</param>
/// <param name="Curl">∇×f(x), shape [3].</param>
/// <param name="Divergence">∇·f(x), shape [].</param>
public sealed record ValueCurlAndDivergence(Tensor Value, Tensor Curl, Tensor Divergence);
