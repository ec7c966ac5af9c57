using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;

namespace Atenea.Training;

/// <summary>The labels of a reference dump, without padding.</summary>
internal static class CaseLabels
{
    private const string FurtherPrefix = "label.";

    /// <summary>Reads every label that a model's loss needs; false if the dump lacks one of them.</summary>
    /// <param name="file">The dump.</param>
    /// <param name="prefix">What comes before the arguments' names: nothing, or the number of a batch.</param>
    /// <param name="input">The input that the labels belong to.</param>
    /// <param name="model">Says what it needs.</param>
    /// <param name="labels">Receives them.</param>
    /// <exception cref="AteneaException">The labels are of another shape than the input (ATN0508).</exception>
    public static bool Read(SafeTensorsFile file, string prefix, PaddedInput input, TaskModel model, ModelLabels labels)
    {
        foreach (LabelArgument argument in model.LabelArguments)
        {
            if (Find(file, prefix, argument.Name) is not { } info) return false;
            if (info.Type.IsInteger())
            {
                labels.Set(argument.Name, Flatten(file, input, argument, info,
                    Array.ConvertAll(file.ReadInt64(info.Name), value => checked((int)value))));
            }
            else labels.Set(argument.Name, Flatten(file, input, argument, info, file.ReadFloats(info.Name)));
        }

        return true;
    }

    /// <summary>A label is stored under the argument's name, in forward cases behind <c>label.</c> unless it is <c>labels</c>.</summary>
    private static SafeTensorInfo? Find(SafeTensorsFile file, string prefix, string name) =>
        file.Tensors.GetValueOrDefault(prefix + name) ?? file.Tensors.GetValueOrDefault(prefix + FurtherPrefix + name);

    private static T[] Flatten<T>(SafeTensorsFile file, PaddedInput input, LabelArgument argument, SafeTensorInfo info, T[] values)
    {
        if (argument.Granularity != Granularity.Token) return values;
        if (values.Length != input.Cells)
            throw new AteneaException(Catalogue.VerificationCaseInvalid, $"{info} for {input.Cells} ids", file.Path);
        return input.Flatten<T>(values, 1);
    }
}
