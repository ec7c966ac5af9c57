using System.CommandLine;
using Atenea.Errors;
using Atenea.Pipelines;

namespace Atenea.Cli;

/// <summary>The options of <c>atenea predict</c> that only some tasks have, and their values.</summary>
internal sealed class PredictOptions
{
    private const int MostAnswers = 1 << 20;

    /// <summary>Number of answers per text.</summary>
    public Option<int> TopK { get; } = new("--top-k")
    {
        Description = "Answers per text, the best first",
        HelpName = "N",
        CustomParser = result => CommonOptions.Parse(result, 1, MostAnswers),
    };

    /// <summary>What turns outputs into scores.</summary>
    public Option<ScoreFunction?> Function { get; } = new("--function") { Description = "What turns outputs into scores; as the model says if left out", HelpName = "softmax|sigmoid|none" };

    /// <summary>How tokens become entities.</summary>
    public Option<AggregationStrategy?> Aggregation { get; } = new("--aggregation")
    {
        Description = "How tokens become words and entities; simple if left out",
        HelpName = "none|simple|first|average|max",
    };

    /// <summary>Tokens shared by windows of a long text.</summary>
    public Option<int> Stride { get; } = new("--stride")
    {
        Description = "Read long texts whole, in windows that share so many tokens",
        HelpName = "N",
        CustomParser = result => CommonOptions.Parse(result, 0, MostAnswers),
    };

    /// <summary>Labels left out of the answers.</summary>
    public Option<string[]> IgnoreLabels { get; } = new("--ignore-labels")
    {
        Description = "Labels that are left out; O if the option is left out",
        HelpName = "LABEL",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>Words to choose from.</summary>
    public Option<string[]> Targets { get; } = new("--targets") { Description = "Words to choose from for a mask", HelpName = "WORD", AllowMultipleArgumentsPerToken = true };

    /// <summary>A question about the context.</summary>
    public Option<string?> Question { get; } = new("--question") { Description = "The question; --text is then the text that may hold the answer", HelpName = "TEXT" };

    /// <summary>The most tokens of an answer.</summary>
    public Option<int> MaxAnswerLength { get; } = new("--max-answer-length")
    {
        Description = "Longest answer in tokens; 15 if left out",
        HelpName = "N",
        CustomParser = result => CommonOptions.Parse(result, 1, MostAnswers),
    };

    /// <summary>Whether a question may have no answer.</summary>
    public Option<bool> Impossible { get; } = new("--impossible") { Description = "Let an empty text be an answer: there may be none in the text" };

    /// <summary>Candidate labels.</summary>
    public Option<string[]> Labels { get; } = new("--labels") { Description = "Labels to choose from", HelpName = "LABEL", AllowMultipleArgumentsPerToken = true };

    /// <summary>The hypothesis that names a label.</summary>
    public Option<string?> Hypothesis { get; } = new("--hypothesis") { Description = "The sentence that is asked about, {} being the label; \"This example is {}.\" if left out", HelpName = "TEXT" };

    /// <summary>Whether several labels may be true.</summary>
    public Option<bool> MultiLabel { get; } = new("--multi-label") { Description = "Each label may be true or not, whatever the others are" };

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [TopK, Function, Aggregation, Stride, IgnoreLabels, Targets, Question, MaxAnswerLength, Impossible, Labels, Hypothesis, MultiLabel];

    /// <summary>Refuses options that a task does not have.</summary>
    /// <exception cref="AteneaException">One was given (ATN0104).</exception>
    public void Check(ParseResult parse, PredictionTask task)
    {
        Option[] known = [.. task.Options(this)];
        foreach (Option option in All)
        {
            if (parse.GetResult(option) is null or { Implicit: true } || known.Contains(option)) continue;
            string[] tasks = [.. PredictionTask.All.Where(other => other.Options(this).Contains(option)).Select(other => other.Name)];
            throw new AteneaException(Catalogue.OptionConflict, $"{option.Name} is not for {task.Name}", "atenea predict", $"it belongs to --task {string.Join(" or ", tasks)}");
        }
    }
}
