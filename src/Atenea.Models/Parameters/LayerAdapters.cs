using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>A layer at the moment when it is built.</summary>
/// <param name="Scope">Its place; what is registered here is part of the adapter (<see cref="ParameterPart.Adapter"/>).</param>
/// <param name="Weight">Its weight; of a linear layer [outputs, inputs] or [inputs, outputs], of a table [entries, outputs].</param>
/// <param name="Inputs">Features in; of a table its entries.</param>
/// <param name="Outputs">Features out.</param>
public readonly record struct LayerSite(ParameterScope Scope, Parameter Weight, int Inputs, int Outputs)
{
    /// <summary>The layer's name in the checkpoint, for example <c>bert.encoder.layer.0.attention.self.query</c>.</summary>
    public string Name => Scope.Path;
}

/// <summary>What an adapter makes of a linear layer's result; it releases y if it returns another tensor.</summary>
/// <param name="pass">The pass.</param>
/// <param name="x">The layer's input, [rows, inputs].</param>
/// <param name="y">What the layer made of it, bias included, before any activation: [rows, outputs].</param>
/// <returns>[rows, outputs].</returns>
public delegate Tensor LinearAdapter(ForwardPass pass, Tensor x, Tensor y);

/// <summary>What an adapter makes of vectors that were looked up; it releases y if it returns another tensor.</summary>
/// <param name="pass">The pass.</param>
/// <param name="ids">The entries that were looked up, [rows].</param>
/// <param name="y">Their vectors, to which those of other tables may have been added: [rows, outputs].</param>
/// <returns>[rows, outputs].</returns>
public delegate Tensor EmbeddingAdapter(ForwardPass pass, ReadOnlyMemory<int> ids, Tensor y);

/// <summary>
/// Puts adapters on layers: every layer asks while it is built, so that no family knows of adapters. What an adapter registers at the
/// layer's scope is a parameter of the model, in the part <see cref="ParameterPart.Adapter"/>.
/// </summary>
public abstract class LayerAdapters
{
    /// <summary>
    /// The adapter of a linear layer, also of a decoder that is tied to the word table; null to leave the layer as it is.
    /// </summary>
    public virtual LinearAdapter? ForLinear(LayerSite layer) => null;

    /// <summary>The adapter of a table of vectors; null to leave the table as it is.</summary>
    public virtual EmbeddingAdapter? ForEmbedding(LayerSite layer) => null;
}
