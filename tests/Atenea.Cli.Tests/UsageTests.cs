namespace Atenea.Cli.Tests;

public class UsageTests
{
    public static TheoryData<string> Commands => [.. Application.CreateRoot(new Terminal(), []).Subcommands.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_has_help_with_an_example_and_the_common_options(string command)
    {
        Outcome help = Atenea.Run(command, "--help");
        help.AssertSuccess();
        Assert.Contains($"  atenea {command} ", help.Output.Replace("\n", " \n", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("Example", help.Output, StringComparison.Ordinal);
        Assert.Contains("--json", help.Output, StringComparison.Ordinal);
        Assert.Contains("--threads <N>", help.Output, StringComparison.Ordinal);
        Assert.Equal("", help.Error);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_refuses_a_wrong_number_of_threads(string command)
    {
        Outcome outcome = Atenea.Run(command, "--threads", "none");
        outcome.AssertRefused("ATN0103");
        Assert.Contains("'none'", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model", "pull, list, info, compare, remove, search")]
    [InlineData("tokenizer", "train")]
    public void A_group_without_a_command_names_its_commands(string group, string commands)
    {
        Outcome outcome = Atenea.Run(group);
        outcome.AssertRefused("ATN0103");
        string expected = $"a command is missing\n  where: atenea {group}\n  try:   one of {commands}\n";
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_choice_that_does_not_exist_names_those_that_do()
    {
        Outcome outcome = Atenea.Run("predict", "all-MiniLM-L6-v2", "--aggregation", "some", "--text", "x");
        outcome.AssertRefused("ATN0103");
        Assert.Contains("--aggregation takes none, simple, first, average, max, found 'some'", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_command_the_help_is_shown_and_the_exit_code_says_wrong_usage()
    {
        Outcome outcome = Atenea.Run();
        Assert.Equal(2, outcome.Exit);
        Assert.All(Commands, row => Assert.Contains("  " + row.Data, outcome.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void A_mistyped_command_is_refused_with_the_nearest_name()
    {
        Outcome outcome = Atenea.Run("docter");
        outcome.AssertRefused("ATN0102");
        Assert.Contains("did you mean 'doctor'?", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistyped_option_is_refused_with_the_nearest_name()
    {
        Outcome outcome = Atenea.Run("doctor", "--jsn");
        outcome.AssertRefused("ATN0101");
        Assert.Contains("did you mean '--json'?", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'--seconds'", "bench", "gemm", "--second", "3")]
    [InlineData("'--json'", "predict", "all-MiniLM-L6-v2", "--text", "a text", "--jsn")]
    [InlineData("'--output'", "verify", "folder", "--otput=x.safetensors")]
    public void A_mistyped_option_is_never_taken_for_a_file_or_a_text(string right, params string[] args)
    {
        Outcome outcome = Atenea.Run(args);
        outcome.AssertRefused("ATN0101");
        Assert.Contains($"did you mean {right}?", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_may_look_like_an_option_or_a_response_file()
    {
        Outcome outcome = Atenea.Run("tokenize", "all-MiniLM-L6-v2", "--json", "--text=--jsn", "--text", "@user -- well", "-5");
        outcome.AssertSuccess();
        Assert.Equal(3, outcome.Lines.Length);
        Assert.Contains("\"text\":\"--jsn\"", outcome.Lines[0], StringComparison.Ordinal);
        Assert.Contains("\"text\":\"@user -- well\"", outcome.Lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("doctor", "extra")]
    [InlineData("doctor", "@response-file")]
    [InlineData("doctor", "--threads")]
    [InlineData("doctor", "--threads", "0")]
    [InlineData("doctor", "--threads", "99999999999")]
    [InlineData("--json")]
    public void Wrong_arguments_are_refused(params string[] args) => Atenea.Run(args).AssertRefused("ATN0103");

    [Fact]
    public void A_command_of_a_command_is_named_in_full()
    {
        Outcome outcome = Atenea.Run("tokenizer", "train", "--modle", "bpe", "--output", "x", "corpus.txt");
        outcome.AssertRefused("ATN0101");
        Assert.Contains("where: atenea tokenizer train", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("'--model'", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_are_for_people_only()
    {
        string[] args = ["docter"];
        Assert.DoesNotContain('\u001b', Atenea.Run(args).Error);
        Outcome forced = Atenea.Run(args, new() { Environment = new Dictionary<string, string> { ["FORCE_COLOR"] = "1" } });
        Assert.StartsWith("\u001b[1;31mATN0102\u001b[0m", forced.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_within_a_static_initialiser_keeps_its_code()
    {
        Outcome outcome = Atenea.Run(["doctor"], new() { Environment = new Dictionary<string, string> { ["ATENEA_ISA"] = "avx1024" } });
        outcome.AssertRefused("ATN0601");
        Assert.Contains("avx1024", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_that_of_the_assembly()
    {
        Outcome outcome = Atenea.Run("--version");
        outcome.AssertSuccess();
        Assert.StartsWith(typeof(Application).Assembly.GetName().Version!.ToString(3), outcome.Output, StringComparison.Ordinal);
    }
}
