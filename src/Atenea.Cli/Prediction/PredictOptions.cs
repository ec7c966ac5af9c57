using System.CommandLine;
using Atenea.Pipelines;

namespace Atenea.Cli;

/// <summary>The options of <c>atenea predict</c> that only some tasks have: the parameters of tasks by name.</summary>
internal sealed class PredictOptions
{
    private const int MostAnswers = 1 << 20;

    private readonly Option<int?> _topK = OptionOf.Number("--top-k", "Answers per text, the best first", least: 1, MostAnswers);

    private readonly Option<ScoreFunction?> _function =
        OptionOf.Choice<ScoreFunction>("--function", "What turns outputs into scores; as the model says if left out");

    private readonly Option<AggregationStrategy?> _aggregation =
        OptionOf.Choice<AggregationStrategy>("--aggregation", "How tokens become words and entities; simple if left out");

    private readonly Option<int?> _stride =
        OptionOf.Number("--stride", "Read long texts whole, in windows that share so many tokens", least: 0, MostAnswers);

    private readonly Option<string[]> _ignoreLabels = new("--ignore-labels")
    {
        Description = "Labels that are left out; O if the option is left out",
        HelpName = "LABEL",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> _targets = OptionOf.Texts("--targets", "WORD", "Words to choose from for a mask");

    private readonly Option<string?> _question =
        OptionOf.Text("--question", "TEXT", "The question; --text is then the text that may hold the answer");

    private readonly Option<int?> _maxAnswerLength =
        OptionOf.Number("--max-answer-length", "Longest answer in tokens; 15 if left out", least: 1, MostAnswers);

    private readonly Option<bool> _impossible =
        OptionOf.Flag("--impossible", "Let an empty text be an answer: there may be none in the text");

    private readonly Option<string[]> _labels = OptionOf.Texts("--labels", "LABEL", "Labels to choose from");

    private readonly Option<string?> _hypothesis = OptionOf.Text(
        "--hypothesis", "TEXT", "The sentence that is asked about, {} being the label; \"This example is {}.\" if left out");

    private readonly Option<bool> _multiLabel =
        OptionOf.Flag("--multi-label", "Each label may be true or not, whatever the others are");

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All =>
    [
        _topK, _function, _aggregation, _stride, _ignoreLabels, _targets, _question, _maxAnswerLength, _impossible, _labels, _hypothesis,
        _multiLabel,
    ];

    /// <summary>Their values, null where an option was not given.</summary>
    public TaskParameters Read(ParseResult parse) => new()
    {
        TopK = parse.GetValue(_topK),
        Function = parse.GetValue(_function),
        Aggregation = parse.GetValue(_aggregation),
        Stride = parse.GetValue(_stride),
        IgnoreLabels = parse.Given(_ignoreLabels),
        Targets = parse.Given(_targets),
        Question = parse.GetValue(_question),
        MaxAnswerLength = parse.GetValue(_maxAnswerLength),
        Impossible = parse.GetValue(_impossible),
        Labels = parse.Given(_labels),
        Hypothesis = parse.GetValue(_hypothesis),
        MultiLabel = parse.GetValue(_multiLabel),
    };
}
