namespace Atenea.Data.Tests;

public class TagSequencesTests
{
    private static readonly EntitySpan[] Spans = [new("PER", 0, 2), new("PER", 2, 3), new("LOC", 4, 7)];

    [Theory]
    [InlineData(TagScheme.Iob1, "I-PER I-PER B-PER O I-LOC I-LOC I-LOC")]
    [InlineData(TagScheme.Iob2, "B-PER I-PER B-PER O B-LOC I-LOC I-LOC")]
    [InlineData(TagScheme.Iobes, "B-PER E-PER S-PER O B-LOC I-LOC E-LOC")]
    [InlineData(TagScheme.Bilou, "B-PER L-PER U-PER O B-LOC I-LOC L-LOC")]
    public void Every_scheme_marks_the_same_entities(TagScheme scheme, string tags)
    {
        string[] expected = tags.Split(' ');
        Assert.Equal(expected, TagSequences.Tags(Spans, 7, scheme));
        Assert.Equal(Spans, TagSequences.Entities(expected));
        Assert.Equal(scheme, TagSequences.Recognise(expected));
        foreach (TagScheme other in Enum.GetValues<TagScheme>())
            Assert.Equal(expected, TagSequences.Convert(TagSequences.Convert(expected, other), scheme));
    }

    [Fact]
    public void Tags_against_their_scheme_are_taken_as_the_evaluation_script_takes_them()
    {
        Assert.Equal([new EntitySpan("A", 0, 1), new EntitySpan("B", 1, 3)], TagSequences.Entities(["B-A", "I-B", "E-B"]));
        Assert.Equal([new EntitySpan("", 0, 2)], TagSequences.Entities(["B", "I", "O"]));
        Assert.Empty(TagSequences.Entities([]));
    }

    [Fact]
    public void Conll_files_have_their_columns_documents_and_schemes()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.conll",
            "-DOCSTART- -X- O O\n\nEU NNP I-NP I-ORG\nrejects VBZ I-VP O\n\nPeter NNP I-NP I-PER\nBlackburn NNP I-NP I-PER\n");
        Dataset data = Dataset.Read(path, options: new ReadOptions { TagScheme = TagScheme.Iob2 });
        Assert.Equal(["tokens", "column2", "column3", "tags"], data.Columns);
        Assert.Equal([["B-ORG", "O"], ["B-PER", "I-PER"]], data.Lists("tags"));
        Assert.Equal([3L, 6], [data.Line(0), data.Line(1)]);
        Assert.Equal([["I-NP", "I-VP"], ["I-NP", "I-NP"]], Dataset.Read(path, options: new ReadOptions { TagColumn = 2 }).Lists("tags"));
    }
}
