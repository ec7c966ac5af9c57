using System.Globalization;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>What a parameter is part of.</summary>
public enum ParameterPart
{
    /// <summary>The pretrained body. A checkpoint must have it.</summary>
    Encoder,

    /// <summary>A head or a pooler. Drawn anew where a checkpoint lacks it.</summary>
    Head,

    /// <summary>What <see cref="LayerAdapters"/> have put on a layer. No part of the model's own checkpoint.</summary>
    Adapter,
}

/// <summary>
/// A place in the tree of checkpoint names, handed to the layers that are built there: <c>scope / "attention.self.query"</c>.
/// So a name is written once, where its layer is built.
/// </summary>
/// <param name="Set">Where parameters are registered.</param>
/// <param name="Path">The names above, joined by dots; empty at the root.</param>
/// <param name="Part">What parameters registered here are part of.</param>
/// <param name="Uses">How many times a token meets what is built here; more than once where layers share their weights.</param>
public readonly record struct ParameterScope(ParameterSet Set, string Path, ParameterPart Part, int Uses = 1)
{
    /// <summary>This place as one of a head's: its parameters may be missing in a checkpoint.</summary>
    public ParameterScope Head => this with { Part = ParameterPart.Head };

    /// <summary>The place <paramref name="name"/> below <paramref name="scope"/>; an empty name is the scope itself.</summary>
    public static ParameterScope operator /(ParameterScope scope, string name) => scope.At(name);

    /// <summary>The place of number <paramref name="index"/> below <paramref name="scope"/>, for lists of layers.</summary>
    public static ParameterScope operator /(ParameterScope scope, int index) => scope.At(index.ToString(CultureInfo.InvariantCulture));

    /// <summary>The place <paramref name="name"/> below this one; an empty name is this one.</summary>
    public ParameterScope At(string name) => this with { Path = Join(name) };

    /// <summary>Registers a parameter of zeros here.</summary>
    /// <param name="name">Its last name, for example <c>weight</c>.</param>
    /// <param name="initialization">How it is drawn when no checkpoint gives it.</param>
    /// <param name="shape">Its shape in the checkpoint.</param>
    public Parameter Add(string name, Initialization initialization, params ReadOnlySpan<int> shape) =>
        Set.Add(Join(name), Part, Uses, initialization, shape);

    /// <summary>Registers a table of zeros here: rows are looked up in it, and nothing is multiplied with it.</summary>
    /// <param name="name">Its last name.</param>
    /// <param name="initialization">How it is drawn when no checkpoint gives it.</param>
    /// <param name="shape">[entries, features].</param>
    public Parameter AddTable(string name, Initialization initialization, params ReadOnlySpan<int> shape) =>
        Set.Add(Join(name), Part, uses: 0, initialization, shape);

    /// <summary>
    /// Says that <paramref name="parameter"/> is known here too, under <paramref name="name"/>: a tied weight. Checkpoints may hold it
    /// under either name. A table that is tied is a decoder's matrix as well.
    /// </summary>
    /// <returns>The parameter itself.</returns>
    public Parameter Tie(string name, Parameter parameter)
    {
        Set.Tie(Join(name), parameter);
        return parameter;
    }

    /// <summary>The adapter of a linear layer that is built here, or null.</summary>
    internal LinearAdapter? LinearAdapter(Parameter weight, int inputs, int outputs) =>
        Set.Adapters?.ForLinear(new LayerSite(this with { Part = ParameterPart.Adapter }, weight, inputs, outputs));

    /// <summary>The adapter of a table that is built here, or null.</summary>
    internal EmbeddingAdapter? EmbeddingAdapter(Parameter weight) =>
        Set.Adapters?.ForEmbedding(new LayerSite(this with { Part = ParameterPart.Adapter }, weight, weight.Rows, weight.Columns));

    private string Join(string name) => Path.Length == 0 ? name : name.Length == 0 ? Path : $"{Path}.{name}";
}
