"""Forms in English, most of them as museums' data write them; columns as in forms_of_eras."""

FORMS = """
1896|1896|1896
c. 1904|1899|1909|about
c.1904|1899|1909|about
c 1904|1899|1909|about
ca. 1995|1990|2000|about
ca 1995|1990|2000|about
circa 1995|1990|2000|about
about 1995|1990|2000|about
1897-1898|1897|1898
1897–1898|1897|1898
1596 - 1598|1596|1598
c. 1870-1880|1865|1885|about
c.1840-1841|1835|1846|about
c. 1908 - 1915|1903|1920|about
c. 1932-c. 1935|1927|1940|about
c. 1920-30|1915|1935|about
1966-80|1966|1980
from 1870 to 1880|1870|1880
618-906|618|906
1897/1902|1897|1902
1879 and 1887|1879|1887
1879 or 1887|1879|1887|uncertain
1954?|1954|1954|uncertain
c.1640?|1635|1645|uncertain
probably 1954|1954|1954|uncertain
1860s|1860|1869
1860s?|1860|1869|uncertain
c. 1880s|1875|1894|about
1880s-1890s|1880|1899
c. 1920s-1930s|1915|1944|about
c. 1870-1880s|1865|1894|about
1700s|1700|1799
early 1860s|1860|1863
mid-1960s|1963|1966
late 1980s|1986|1989
late 1890s|1896|1899
18th century|1701|1800
19th century|1801|1900
c. 16th century|1501|1600|about
14th-17th century|1301|1700
19th-20th century|1801|2000
10th -11th century|901|1100
18th-early 19th century|1701|1834
early 19th century|1801|1834
late 18th century|1767|1800
mid 18th century|1734|1767
mid-15th century|1434|1467
early 20th century?|1901|1934|uncertain
late 17th-early 18th century|1667|1734
c. late 19th-early 20th century|1867|1934|about
late 17th or early 18th century|1667|1734|uncertain
mid to late 18th century|1734|1800
c. mid- to late-19th century|1834|1900|about
early- to mid-18th century|1701|1767
first half of the 18th century|1701|1750
c. first half of the 18th century|1701|1750|about
last half of the 17th century|1651|1700
second half of the 19th century-early 20th century|1851|1934
third quarter of the 19th century|1851|1875
end of the 19th century|1867|1900
October 1, 1793|17931001|17931001
March 6, 1880|18800306|18800306
1 October 1793|17931001|17931001
October 1944|19441001|19441031
Feb. 1944|19440201|19440229
c. March 1944|19440201|19440430|about
Autumn 1916|19160901|19161130
February - March 1944|19440201|19440331
June-July 1954|19540601|19540731
June 9-11, 1953|19530609|19530611
December 1945 - January 1946|19451201|19460131
1/25/1780|17800125|17800125
25/1/1780|17800125|17800125
8/1959|19590801|19590831
before 1915|open|1915
after 1910|1910|open
1922 or earlier|open|1922
1900 or later|1900|open
no earlier than 1906|1906|open
by 1915|open|1915
1963-present|1963|open
designed 1904, made 1905|1904|1905
1905, printed 1913|1905|1913
2000, designed 1998|1998|2000
1953 (designed) c. 1977 (manufactured)|1953|1982|about
designed 1984|1984|1984
1991 designed|1991|1991
c. 1942, printed c. 2000|1937|2005|about
1925, printed posthumously|1925|1925
1968, printed before 1976|1968|1976
1878 (patented)|1878|1878
exhibited 1892|1892|1892
1825, reprinted 1874|1825|1874
begun 1951, completed 1957|1951|1957
B.C.300|-299|-299
B.C. 300|-299|-299
300 B.C.|-299|-299
BC300-200|-299|-199
AD 100|100|100
A.D.100|100|100
100 A.D.|100|100
20010401|20010401|20010401
19770301|19770301|19770301
1896-00-00|1896|1896
1896-05-00|18960501|18960531
1896/0/0|1896|1896
18960000|1896|1896
599 BCE-400 BCE|-598|-399
c. 800 BCE|-804|-794|about
2700-2200 BCE|-2699|-2199
c. 299-200 BCE|-303|-194|about
206 BCE-220 CE|-205|220
5th-4th century BCE|-499|-300
4th century BCE|-399|-300
Edo period|1603|1868
Edo period (1603-1867)|1603|1867
Edo period (1603-1867), c. 1770|1765|1775|about
Edo period (1603-1867), 19th century|1801|1867
late Edo period|1780|1868
Meiji period|1868|19120730
Meiji era|1868|19120730
Meiji 30|1897|1897
Shōwa 20|1945|1945
Taishō period|19120730|19261225
Jōmon period|-13999|-399
Tang Dynasty, 618-907|618|907
Ming dynasty|1368|1644
Qianlong period (1736-1795)|1736|1795
late Qing?|1823|1912|uncertain
no date|open|open|uncertain
not dated|open|open|uncertain
n.d.|open|open|uncertain
"""
