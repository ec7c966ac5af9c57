namespace Atenea.Data.Tests;

/// <summary>The real files of ../shared/data: counts, columns and labels as their sources state them.</summary>
[Trait("Category", "Slow")]
public class SharedDataTests
{
    [Theory]
    [InlineData("emotion/train.csv", 3257, "text,label")]
    [InlineData("emotion/validation.csv", 374, "text,label")]
    [InlineData("emotion/test.csv", 1421, "text,label")]
    [InlineData("stance_climate/train.csv", 355, "text,label")]
    [InlineData("stance_climate/validation.csv", 40, "text,label")]
    [InlineData("stance_climate/test.csv", 169, "text,label")]
    [InlineData("imdb/train2000.csv", 2000, "text,label")]
    [InlineData("imdb/test1000.csv", 1000, "text,label")]
    [InlineData("steam/steam_en.csv", 2500, "recommendationid,app_id,label,review")]
    [InlineData("steam/steam_es.csv", 7102, "recommendationid,app_id,label,review")]
    [InlineData("glue/CoLA/train.tsv", 8551, "column1,column2,column3,column4")]
    [InlineData("glue/CoLA/dev.tsv", 1043, "column1,column2,column3,column4")]
    [InlineData("glue/CoLA/test.tsv", 1063, "index,sentence")]
    [InlineData("glue/MRPC/train.tsv", 3668, "Quality,#1 ID,#2 ID,#1 String,#2 String")]
    [InlineData("glue/MRPC/dev.tsv", 408, "Quality,#1 ID,#2 ID,#1 String,#2 String")]
    [InlineData("glue/MRPC/test.tsv", 1725, "index,#1 ID,#2 ID,#1 String,#2 String")]
    [InlineData("glue/MRPC/msr_paraphrase_test.txt", 1725, "Quality,#1 ID,#2 ID,#1 String,#2 String")]
    [InlineData("glue/SST-2/train.tsv", 20000, "sentence,label")]
    [InlineData("glue/SST-2/dev.tsv", 872, "sentence,label")]
    [InlineData("glue/SST-2/test.tsv", 1821, "index,sentence")]
    [InlineData("glue/RTE/train.tsv", 2490, "index,sentence1,sentence2,label")]
    [InlineData("glue/RTE/dev.tsv", 277, "index,sentence1,sentence2,label")]
    [InlineData("glue/RTE/test.tsv", 3000, "index,sentence1,sentence2")]
    [InlineData("glue/WNLI/train.tsv", 635, "index,sentence1,sentence2,label")]
    [InlineData("glue/WNLI/dev.tsv", 71, "index,sentence1,sentence2,label")]
    [InlineData("glue/WNLI/test.tsv", 146, "index,sentence1,sentence2")]
    [InlineData("glue/STS-B/train.tsv", 5749, "index,genre,filename,year,old_index,source1,source2,sentence1,sentence2,score")]
    [InlineData("glue/STS-B/dev.tsv", 1500, "index,genre,filename,year,old_index,source1,source2,sentence1,sentence2,score")]
    [InlineData("glue/STS-B/test.tsv", 1379, "index,genre,filename,year,old_index,source1,source2,sentence1,sentence2")]
    [InlineData("sts-es/train.tsv", 1321, "column1,column2,column3")]
    [InlineData("sts-es/valid.tsv", 78, "column1,column2,column3")]
    [InlineData("sts-es/test.tsv", 156, "column1,column2,column3")]
    [InlineData("bc5cdr-iob/train.tsv", 4560, "tokens,tags")]
    [InlineData("bc5cdr-iob/devel.tsv", 4581, "tokens,tags")]
    [InlineData("bc5cdr-iob/test.tsv", 4797, "tokens,tags")]
    [InlineData("conll2002-es/esp.train", 8323, "tokens,tags")]
    [InlineData("conll2002-es/esp.testa", 1915, "tokens,tags")]
    [InlineData("conll2002-es/esp.testb", 1517, "tokens,tags")]
    [InlineData("semeval2010-task8/TRAIN_FILE.TXT", 8000,
        "id,text,label,relation,direction,sentence,e1,e2,e1_start,e1_end,e2_start,e2_end")]
    [InlineData("semeval2010-task8/TEST_FILE_FULL.TXT", 2717,
        "id,text,label,relation,direction,sentence,e1,e2,e1_start,e1_end,e2_start,e2_end")]
    [InlineData("quijote-es/quijote.txt", 37673, "text")]
    [InlineData("wikitext2-en/wiki.valid.tokens", 3760, "text")]
    [InlineData("wikitext2-en/wiki.test.tokens", 4358, "text")]
    public void A_file_has_the_rows_of_its_source(string file, int rows, string columns)
    {
        Dataset data = Dataset.Read(Shared(file));
        Assert.Equal(columns, string.Join(',', data.Columns));
        Assert.Equal(rows, data.Count);
        Assert.DoesNotContain(data.Findings, f => f.Severity == FindingSeverity.Error);
    }

    [Fact]
    public void Lone_carriage_returns_stay_in_the_reviews()
    {
        Dataset reviews = Dataset.Read(Shared("steam/steam_en.csv"));
        Assert.Equal(163, reviews.Column("review")
            .Count(r => r!.Contains('\r', StringComparison.Ordinal) && !r.Contains('\n', StringComparison.Ordinal)));
    }

    [Fact]
    public void Relations_have_nineteen_labels_and_marked_entities()
    {
        Dataset train = Dataset.Read(Shared("semeval2010-task8/TRAIN_FILE.TXT"));
        Assert.Equal(19, train.Column("label").Distinct().Count());
        Assert.Equal(10, train.Column("relation").Distinct().Count());
        for (int row = 0; row < train.Count; row++)
        {
            string sentence = train.Column("sentence")[row]!;
            Assert.Equal(train.Column("e1")[row], sentence[Number("e1_start", row)..Number("e1_end", row)]);
            Assert.Equal(train.Column("e2")[row], sentence[Number("e2_start", row)..Number("e2_end", row)]);
        }

        int Number(string column, int row) => int.Parse(train.Column(column)[row]!, null);
    }

    [Fact]
    public void Spanish_entities_are_read_and_converted()
    {
        Dataset train = Dataset.Read(Shared("conll2002-es/esp.train"));
        Assert.Equal(264_715, train.Lists("tokens").Sum(t => t.Length));
        foreach (string[] tags in train.Lists("tags"))
        {
            foreach (TagScheme scheme in Enum.GetValues<TagScheme>())
                Assert.Equal(tags, TagSequences.Convert(TagSequences.Convert(tags, scheme), TagScheme.Iob2));
        }
    }

    private static string Shared(string file) => Repository.File("..", "shared", "data", file);
}
