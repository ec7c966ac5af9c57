using System.CommandLine;
using Atenea.Pipelines;

namespace Atenea.Cli;

/// <summary>The options of <c>atenea predict</c> that only some tasks have: the parameters of tasks by name.</summary>
internal sealed class PredictOptions
{
    private const int MostAnswers = 1 << 20;

    private readonly Option<int> _topK = Number("--top-k", "Answers per text, the best first", least: 1);

    private readonly Option<ScoreFunction?> _function = new("--function")
    {
        Description = "What turns outputs into scores; as the model says if left out",
        HelpName = "softmax|sigmoid|none",
    };

    private readonly Option<AggregationStrategy?> _aggregation = new("--aggregation")
    {
        Description = "How tokens become words and entities; simple if left out",
        HelpName = "none|simple|first|average|max",
    };

    private readonly Option<int> _stride = Number("--stride", "Read long texts whole, in windows that share so many tokens", least: 0);

    private readonly Option<string[]> _ignoreLabels = new("--ignore-labels")
    {
        Description = "Labels that are left out; O if the option is left out",
        HelpName = "LABEL",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> _targets = List("--targets", "Words to choose from for a mask", "WORD");

    private readonly Option<string?> _question = new("--question")
    {
        Description = "The question; --text is then the text that may hold the answer",
        HelpName = "TEXT",
    };

    private readonly Option<int> _maxAnswerLength = Number("--max-answer-length", "Longest answer in tokens; 15 if left out", least: 1);

    private readonly Option<bool> _impossible = new("--impossible")
    {
        Description = "Let an empty text be an answer: there may be none in the text",
    };

    private readonly Option<string[]> _labels = List("--labels", "Labels to choose from", "LABEL");

    private readonly Option<string?> _hypothesis = new("--hypothesis")
    {
        Description = "The sentence that is asked about, {} being the label; \"This example is {}.\" if left out",
        HelpName = "TEXT",
    };

    private readonly Option<bool> _multiLabel = new("--multi-label")
    {
        Description = "Each label may be true or not, whatever the others are",
    };

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All =>
    [
        _topK, _function, _aggregation, _stride, _ignoreLabels, _targets, _question, _maxAnswerLength, _impossible, _labels, _hypothesis,
        _multiLabel,
    ];

    /// <summary>Their values, null where an option was not given.</summary>
    public TaskParameters Read(ParseResult parse) => new()
    {
        TopK = Given(parse, _topK) ? parse.GetValue(_topK) : null,
        Function = parse.GetValue(_function),
        Aggregation = parse.GetValue(_aggregation),
        Stride = Given(parse, _stride) ? parse.GetValue(_stride) : null,
        IgnoreLabels = Given(parse, _ignoreLabels) ? parse.GetValue(_ignoreLabels) : null,
        Targets = Given(parse, _targets) ? parse.GetValue(_targets) : null,
        Question = parse.GetValue(_question),
        MaxAnswerLength = Given(parse, _maxAnswerLength) ? parse.GetValue(_maxAnswerLength) : null,
        Impossible = parse.GetValue(_impossible),
        Labels = Given(parse, _labels) ? parse.GetValue(_labels) : null,
        Hypothesis = parse.GetValue(_hypothesis),
        MultiLabel = parse.GetValue(_multiLabel),
    };

    private static bool Given(ParseResult parse, Option option) => parse.GetResult(option) is { Implicit: false };

    private static Option<int> Number(string name, string description, int least) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => CommonOptions.Parse(result, least, MostAnswers),
    };

    private static Option<string[]> List(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName, AllowMultipleArgumentsPerToken = true };
}
