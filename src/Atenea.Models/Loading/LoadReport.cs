using System.Globalization;
using System.Text;
using Atenea.Hub;

namespace Atenea.Models;

/// <summary>A parameter that no checkpoint gave.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Part">What it is part of: a head, or an adapter.</param>
/// <param name="CheckpointShape">The shape in the checkpoint when it was there in another one, else null.</param>
public sealed record NewWeight(string Name, ParameterPart Part, string? CheckpointShape = null);

/// <summary>What loading a checkpoint did: nothing is filled in, left out or converted without being told.</summary>
/// <param name="Source">The checkpoint's file.</param>
/// <param name="ClassName">The class that it was loaded into.</param>
/// <param name="Loaded">Parameters that the checkpoint gave.</param>
/// <param name="NewlyInitialised">Parameters of heads and adapters that were drawn anew, in the model's order.</param>
/// <param name="Unexpected">Tensors of the checkpoint that the model has no place for, under their present names, in alphabetical
/// order.</param>
/// <param name="Converted">How many of the loaded ones were stored in another type than float32, by type.</param>
public sealed record LoadReport(
    string Source,
    string ClassName,
    int Loaded,
    IReadOnlyList<NewWeight> NewlyInitialised,
    IReadOnlyList<string> Unexpected,
    IReadOnlyDictionary<StorageType, int> Converted)
{
    private const int Shown = 12;

    /// <summary>The parameters of one part that were drawn anew, in the model's order.</summary>
    public IEnumerable<NewWeight> NewIn(ParameterPart part) => NewlyInitialised.Where(weight => weight.Part == part);

    /// <summary>Whether every parameter came from the checkpoint and every tensor of it found its place.</summary>
    public bool IsExact => NewlyInitialised.Count == 0 && Unexpected.Count == 0;

    /// <summary>The report for people: one line, and one more for each kind of difference.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{ClassName}: {Loaded} weights from {Source}");
        if (Converted.Count > 0)
        {
            IEnumerable<string> types = Converted.OrderBy(type => type.Key).Select(type => $"{type.Value} {type.Key.Name()}");
            text.Append(" (converted to F32: ").AppendJoin(", ", types).Append(')');
        }

        if (NewlyInitialised.Count > 0)
            AppendList(text, "newly initialised, train before use", NewlyInitialised.Count, NewlyInitialised.Select(Describe));
        if (Unexpected.Count > 0) AppendList(text, "in the checkpoint but not in the model, left out", Unexpected.Count, Unexpected);
        return text.ToString();
    }

    private static string Describe(NewWeight weight) =>
        weight.CheckpointShape is null ? weight.Name : $"{weight.Name} (the checkpoint's is {weight.CheckpointShape})";

    private static void AppendList(StringBuilder text, string what, int count, IEnumerable<string> names)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n  {count} {what}: ").AppendJoin(", ", names.Take(Shown));
        if (count > Shown) text.Append(CultureInfo.InvariantCulture, $" and {count - Shown} more");
    }
}
