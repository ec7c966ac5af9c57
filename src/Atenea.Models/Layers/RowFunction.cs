using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// A part of a model that works row by row: a layer, a feed-forward part, a head that gives outputs for any tokens. Does not release its
/// input.
/// </summary>
/// <param name="pass">The pass.</param>
/// <param name="x">[rows, features in].</param>
/// <returns>[rows, features out].</returns>
public delegate Tensor RowFunction(ForwardPass pass, Tensor x);
