using System.Globalization;
using Atenea.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Atenea.Training;

/// <summary>
/// A value as the user wrote it, with its place, and its checked conversions. What the YAML text looks like never decides a type: the key
/// does.
/// </summary>
/// <param name="Node">The YAML node.</param>
/// <param name="Key">Dotted name of the key.</param>
/// <param name="Where">File and line, or the command line.</param>
/// <param name="Folder">Folder that a relative path starts from.</param>
internal readonly record struct ConfigValue(YamlNode Node, string Key, string Where, string Folder)
{
    private const string NullHelp = "; write null, or leave the key out, for the default";

    public bool IsNull => Node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" or "Null" or "NULL" };

    private string Shown => Node is YamlScalarNode scalar ? $"'{scalar.Value}'" : Node is YamlSequenceNode ? "a list" : "a mapping";

    public string Text()
    {
        if (Node is YamlScalarNode scalar && !IsNull && scalar.Value!.Length > 0) return scalar.Value;
        throw Wrong("text");
    }

    public string? OptionalText() => IsNull ? null : Text();

    public string? OptionalPath() => IsNull ? null : Path.GetFullPath(Text(), Folder);

    public bool Boolean() => Text("true or false") switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ => throw Wrong("true or false"),
    };

    public bool? OptionalBoolean() => IsNull ? null : Boolean();

    public int Integer(int minimum, int maximum = int.MaxValue)
    {
        if (!long.TryParse(Text("a whole number"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
            throw Wrong("a whole number");
        if (value < minimum || value > maximum)
        {
            throw NotAllowed("a whole number " + (maximum == int.MaxValue ? $"of at least {minimum}" : $"from {minimum} to {maximum}"));
        }

        return (int)value;
    }

    public int? OptionalInteger(int minimum) => IsNull ? null : Integer(minimum);

    /// <summary>A finite number in [minimum, maximum], or (minimum, maximum] or [minimum, maximum) where an end is left out.</summary>
    public double Number(double minimum, double maximum = double.PositiveInfinity, bool withMinimum = true, bool withMaximum = true)
    {
        if (!double.TryParse(Text("a number"), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            || !double.IsFinite(value))
            throw Wrong("a number");
        bool low = withMinimum ? value >= minimum : value > minimum, high = withMaximum ? value <= maximum : value < maximum;
        if (low && high) return value;
        string range = (withMinimum ? $"at least {Yaml.Number(minimum)}" : $"above {Yaml.Number(minimum)}")
            + (double.IsInfinity(maximum) ? "" : $" and {(withMaximum ? "at most" : "below")} {Yaml.Number(maximum)}");
        throw NotAllowed($"a number {range}");
    }

    public double? OptionalNumber(
        double minimum, double maximum = double.PositiveInfinity, bool withMinimum = true, bool withMaximum = true) =>
        IsNull ? null : Number(minimum, maximum, withMinimum, withMaximum);

    /// <summary>A number of steps: a whole number, or below 1 a share of all steps.</summary>
    public double Steps(bool zeroAllowed)
    {
        double value = Number(0, withMinimum: zeroAllowed);
        if (value < 1 || value == Math.Floor(value)) return value;
        throw NotAllowed("a whole number of steps, or a share of all steps below 1");
    }

    public T Choice<T>(IReadOnlyDictionary<string, T> choices)
    {
        string text = Text("one of " + string.Join(", ", choices.Keys));
        return choices.TryGetValue(text, out T? value)
            ? value
            : throw NotAllowed("one of " + string.Join(", ", choices.Keys), Suggestion.DidYouMean(text, choices.Keys));
    }

    public IReadOnlyList<string>? OptionalTextList()
    {
        if (IsNull) return null;
        if (Node is not YamlSequenceNode list) throw Wrong("a list of texts, as in [first, second]");
        ConfigValue self = this;
        return
        [
            .. list.Children.Select(child => child is YamlScalarNode { Value: { Length: > 0 } text }
                ? text
                : throw self.Wrong("a list of texts, as in [first, second]")),
        ];
    }

    public IReadOnlyList<string> OneOrMoreTexts() => Node is YamlSequenceNode { Children.Count: > 0 } ? OptionalTextList()! : [Text()];

    public IReadOnlyDictionary<string, string> TextMap()
    {
        if (IsNull) return new Dictionary<string, string>();
        if (Node is not YamlMappingNode mapping) throw Wrong("a mapping, as in {name: value}");
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((YamlNode key, YamlNode value) in mapping.Children)
        {
            if (key is not YamlScalarNode { Value: { } name } || value is not YamlScalarNode { Value: { } text })
                throw Wrong("a mapping of names to single values");
            result[name] = text;
        }

        return result;
    }

    private string Text(string wanted) => Node is YamlScalarNode { Value: { } text } && !IsNull ? text : throw Wrong(wanted);

    private AteneaException Wrong(string wanted) =>
        new(Catalogue.ConfigTypeWrong, $"{Key} takes {wanted}, found {(IsNull ? "nothing" : Shown)}", Where,
            $"give {Key} {wanted}{(IsNull ? NullHelp : "")}");

    private AteneaException NotAllowed(string wanted, string? remedy = null) =>
        new(Catalogue.ConfigValueWrong, $"{Key} takes {wanted}, found {Shown}", Where, remedy ?? $"give {Key} {wanted}");
}
